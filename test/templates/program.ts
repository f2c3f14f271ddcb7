import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { goProgram } from '../support/go.ts'
import type { Answer, Data } from './cases.ts'

const source = join(import.meta.dirname, 'go')

async function run(args: readonly string[], input: string): Promise<unknown> {
  const signal = AbortSignal.timeout(120_000)
  const child = spawn(await goProgram('templates', source), args, {
    stdio: ['pipe', 'pipe', 'inherit'],
    signal,
  })
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
