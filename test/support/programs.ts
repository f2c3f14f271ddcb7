import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

/** The built programs: `npm test` and `npm run test:cluster` build them first. */
export const root = join(import.meta.dirname, '../..')
export const cliProgram = join(root, 'dist/waxwing.js')
export const controllerProgram = join(root, 'dist/waxwing-controller.js')

export interface Finished {
  code: number
  stdout: string
  stderr: string
}

export interface RunOptions {
  cwd?: string
  input?: string | Uint8Array
  env?: NodeJS.ProcessEnv
}

/** Runs a program to its end. A failure is a result, not an exception. */
export async function run(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<Finished> {
  const child = spawn(command, args, { cwd: options.cwd, env: options.env ?? process.env, stdio: 'pipe' })
  const out = collect(child)
  child.stdin.on('error', () => {}) // it may end without reading its input
  child.stdin.end(options.input ?? '')
  const [code, signal] = await once(child, 'close')
  return { code: code ?? (signal ? 128 : 1), ...out() }
}

/** The CLI, on the runtime that runs the tests. */
export const waxwing = (args: readonly string[], options?: RunOptions): Promise<Finished> =>
  run(process.execPath, [cliProgram, ...args], options)

/** As `run`, for commands that a test only needs to have worked. */
export async function must(finished: Promise<Finished>): Promise<string> {
  const { code, stdout, stderr } = await finished
  if (code !== 0) throw new Error(`ended with ${code}: ${stderr}${stdout}`)
  return stdout
}

export interface Controller {
  pid: number
  /** All that it has written so far. */
  log(): string
  /** Its address for keys and health, once it has logged it. */
  end(signal: NodeJS.Signals): Promise<{ code: number | null; ms: number }>
}

/** Starts the built controller on free ports; `/readyz` says when it serves. `nodeFlags` are for Node itself. */
export function startController(
  kubeconfig: string,
  flags: readonly string[] = [],
  nodeFlags: readonly string[] = [],
): Controller {
  const listen = ['--listen', '127.0.0.1:0', '--metrics-listen', '127.0.0.1:0']
  const args = [
    ...nodeFlags,
    controllerProgram,
    '--kubeconfig',
    kubeconfig,
    '--namespace',
    'waxwing-system',
    ...listen,
    ...flags,
  ]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  const out = collect(child)
  const closed = once(child, 'close')
  const killAtExit = () => child.kill('SIGKILL')
  process.once('exit', killAtExit)
  return {
    pid: child.pid ?? 0,
    log: () => out().stdout + out().stderr,
    async end(signal) {
      const start = performance.now()
      child.kill(signal)
      const [code] = await closed
      process.off('exit', killAtExit)
      return { code, ms: performance.now() - start }
    },
  }
}

function collect(child: ChildProcess): () => { stdout: string; stderr: string } {
  const chunks: Record<'stdout' | 'stderr', Buffer[]> = { stdout: [], stderr: [] }
  child.stdout?.on('data', (chunk: Buffer) => chunks.stdout.push(chunk))
  child.stderr?.on('data', (chunk: Buffer) => chunks.stderr.push(chunk))
  return () => ({
    stdout: Buffer.concat(chunks.stdout).toString(),
    stderr: Buffer.concat(chunks.stderr).toString(),
  })
}

/** Looks until there is something, with a pause (in ms, like the limit) after each look. */
export async function until<T>(
  what: string,
  look: () => Promise<T | undefined | false>,
  ms = 30_000,
  pause = 50,
): Promise<T> {
  for (const end = Date.now() + ms; Date.now() < end; ) {
    const found = await look()
    if (found !== undefined && found !== false) return found
    await new Promise((resolve) => setTimeout(resolve, pause))
  }
  throw new Error(`${what}: not within ${ms / 1000} s`)
}
