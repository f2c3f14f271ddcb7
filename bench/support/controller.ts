import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { openSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '../..')

/** Starts the built controller on this runtime; its log goes to `logFile`. */
export function startController(kubeconfig: string, logFile: string, flags: readonly string[]): ChildProcess {
  const log = openSync(logFile, 'a')
  const args = ['--kubeconfig', kubeconfig, '--namespace', 'waxwing-system', '--listen', '127.0.0.1:0']
  return spawn(
    process.execPath,
    [join(root, 'dist/waxwing-controller.js'), ...args, '--metrics-listen', '127.0.0.1:0', ...flags],
    { stdio: ['ignore', log, log] },
  )
}

export async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
}
