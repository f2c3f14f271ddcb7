import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '../..')

/** What the image sets (Dockerfile). */
const IMAGE_ENV = { NODE_ENV: 'production', MALLOC_ARENA_MAX: '1', MALLOC_TRIM_THRESHOLD_: '131072' }

export interface BenchController {
  pid: number
  /** Of keys and health; known soon after the start. */
  url(): string | undefined
  end(): Promise<void>
}

/** Starts the built controller on this runtime; its log is added to `logFile`. */
export function startController(
  kubeconfig: string,
  logFile: string,
  flags: readonly string[],
): BenchController {
  const log = openSync(logFile, 'a')
  const from = statSync(logFile).size
  const args = ['--kubeconfig', kubeconfig, '--namespace', 'waxwing-system', '--listen', '127.0.0.1:0']
  const child = spawn(
    process.execPath,
    [join(root, 'dist/waxwing-controller.js'), ...args, '--metrics-listen', '127.0.0.1:0', ...flags],
    { stdio: ['ignore', log, log], env: { ...process.env, ...IMAGE_ENV } },
  )
  closeSync(log)
  const { pid } = child
  if (pid === undefined) throw new Error('the controller did not start')
  const text = () => readFileSync(logFile).subarray(from).toString()
  return {
    pid,
    url: () => /listen: "([^"]+)"|"listen":"([^"]+)"/.exec(text())?.slice(1).find(Boolean),
    async end() {
      child.kill('SIGTERM')
      await ended(child)
    },
  }
}

export async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
}

/** Resolves when the controller says that it is ready: that all lists are in and a key is loaded. */
export async function untilServing(controller: BenchController): Promise<void> {
  for (let tries = 0; tries < 6000; tries += 1) {
    const url = controller.url()
    const ready =
      url &&
      (await fetch(`http://${url}/readyz`).then(
        ({ ok }) => ok,
        () => false,
      ))
    if (ready) return
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  throw new Error('the controller was not ready within a minute')
}
