import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

/** The path of the Go program of one file in that folder; builds it when this machine has not got it yet. */
export async function goProgram(name: string, source: string): Promise<string> {
  const hash = createHash('sha256')
  for (const file of ['go.mod', 'go.sum', 'main.go']) hash.update(await readFile(join(source, file)))
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'waxwing')
  const binary = join(cache, `${name}-${hash.digest('hex').slice(0, 16)}`)
  if (existsSync(binary)) return binary
  await mkdir(cache, { recursive: true })
  // Beside its final place: a rename across file systems would not be atomic.
  const unfinished = await mkdtemp(join(cache, 'building-'))
  try {
    const env = { ...process.env, CGO_ENABLED: '0', GOWORK: 'off' }
    const args = ['build', '-mod=readonly', '-trimpath', '-o', join(unfinished, name), '.']
    await promisify(execFile)('go', args, { cwd: source, env })
    await rename(join(unfinished, name), binary)
  } finally {
    await rm(unfinished, { recursive: true, force: true })
  }
  return binary
}
