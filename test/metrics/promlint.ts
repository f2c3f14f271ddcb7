import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { goProgram } from '../support/go.ts'

export interface Linted {
  families: { name: string; type: string; help: string; series: number }[]
  problems: { metric: string; text: string }[]
}

/** What Prometheus's own parser reads from a metrics page, and what its own linter says. Rejects what does not parse. */
export async function promlint(page: string): Promise<Linted> {
  const program = await goProgram('promlint', join(import.meta.dirname, 'go'))
  const child = spawn(program, { stdio: ['pipe', 'pipe', 'pipe'], signal: AbortSignal.timeout(60_000) })
  child.stdin.end(page)
  const [output, words, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ])
  if (code !== 0) throw new Error(words)
  return JSON.parse(output)
}
