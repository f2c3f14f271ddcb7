import { execFile, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { promisify } from 'node:util'
import type { Answer, Data } from './cases.ts'

const source = join(import.meta.dirname, 'go')

/** The path of the Go program; builds it when this machine has not got it yet. */
async function program(): Promise<string> {
  const hash = createHash('sha256')
  for (const file of ['go.mod', 'go.sum', 'main.go']) hash.update(await readFile(join(source, file)))
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'waxwing')
  const built = join(cache, `templates-${hash.digest('hex').slice(0, 16)}`)
  if (existsSync(built)) return built

  await mkdir(cache, { recursive: true })
  // Beside its final place: a rename across file systems would not be atomic.
  const unfinished = await mkdtemp(join(cache, 'building-'))
  try {
    const binary = join(unfinished, 'templates')
    const env = { ...process.env, CGO_ENABLED: '0', GOWORK: 'off' }
    await promisify(execFile)('go', ['build', '-mod=readonly', '-trimpath', '-o', binary], {
      cwd: source,
      env,
    })
    await rename(binary, built)
  } finally {
    await rm(unfinished, { recursive: true, force: true })
  }
  return built
}

async function run(args: readonly string[], input: string): Promise<unknown> {
  const signal = AbortSignal.timeout(120_000)
  const child = spawn(await program(), args, { stdio: ['pipe', 'pipe', 'inherit'], signal })
  child.stdin.end(input)
  const [output] = await Promise.all([text(child.stdout), once(child, 'close')])
  return JSON.parse(output)
}

/** What Go makes of each template. */
export const askGo = (cases: readonly { template: string; data: Data }[]): Promise<Answer[]> =>
  run([], JSON.stringify(cases)) as Promise<Answer[]>

/** Every function that text/template and sprig have. */
export const goFunctions = (): Promise<string[]> => run(['functions'], '') as Promise<string[]>

/** Every character beyond ASCII that Go can print, with its upper and its lower case. */
export const goLetters = (): Promise<[rune: number, upper: number, lower: number][]> =>
  run(['letters'], '') as Promise<[number, number, number][]>
