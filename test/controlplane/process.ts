import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync, rmSync } from 'node:fs'
import { readFile } from 'node:fs/promises'

/** What a command that ran to its end has left. `code` is -1 when a signal ended it. */
export interface CommandResult {
  code: number
  stdout: string
  stderr: string
}

/** A long-running process, together with what is needed to start it again. */
export interface Program {
  readonly pid: number
  readonly running: boolean
  start(): void
  /** Sends a signal; when the signal is one that ends the process, waits until it has ended. */
  kill(signal: NodeJS.Signals): Promise<void>
  /** The last lines it logged, for an error message. */
  logTail(): Promise<string>
}

const children = new Set<ChildProcess>()
const folders = new Set<string>()

// Children also end by themselves when this process is killed outright (see exitWithStdin in main.go);
// this hook covers the ordinary ends, and those it can clean up after.
process.once('exit', () => {
  for (const child of children) child.kill('SIGKILL')
  for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
})

/** Removes the folder when this process ends, unless the returned function is called before. */
export function removeAtExit(folder: string): () => void {
  folders.add(folder)
  return () => void folders.delete(folder)
}

/**
 * Describes a program; nothing runs before `start`. `removes` names the folder that it removes when this
 * process is killed outright.
 */
export function program(
  command: string,
  args: readonly string[],
  logFile: string,
  removes?: string,
): Program {
  let child: ChildProcess | undefined
  let ended: Promise<void> = Promise.resolve()
  const running = () => child !== undefined && children.has(child)
  const kill = async (signal: NodeJS.Signals) => {
    if (child === undefined || !running()) return
    child.kill(signal)
    if (!['SIGKILL', 'SIGTERM', 'SIGINT'].includes(signal)) return
    // Whoever waits for the end must not end before it.
    child.ref()
    await ended
  }
  return {
    get pid() {
      return child?.pid ?? -1
    },
    get running() {
      return running()
    },
    start() {
      const log = openSync(logFile, 'a')
      const env = { ...process.env, CONTROLPLANE_EXIT_WITH_STDIN: '1', CONTROLPLANE_REMOVE: removes }
      const started = spawn(command, args, { env, stdio: ['pipe', log, log] })
      closeSync(log)
      child = started
      children.add(started)
      ended = new Promise((resolve) => {
        const end = () => {
          children.delete(started)
          resolve()
        }
        started.once('exit', end)
        started.once('error', end)
      })
      // A script that forgets to stop the control plane still ends, and the hooks above clean up.
      started.unref()
      unrefStdin(started)
    },
    kill,
    async logTail() {
      const lines = (await readFile(logFile, 'utf8')).trimEnd().split('\n')
      return lines.slice(-15).join('\n')
    },
  }
}

/** Runs a command to its end; a code other than 0 is an answer, not an error. */
export function runCommand(
  command: string,
  args: readonly string[],
  options: { env: NodeJS.ProcessEnv; input?: string | undefined; cwd?: string | undefined },
): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env: options.env, cwd: options.cwd })
    children.add(child)
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      stdout += chunk
    })
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      stderr += chunk
    })
    child.once('error', (error) => {
      children.delete(child)
      reject(error)
    })
    child.once('close', (code) => {
      children.delete(child)
      resolve({ code: code ?? -1, stdout, stderr })
    })
    // The command may end without reading its input (a usage error): that is no error of ours.
    child.stdin.on('error', () => {})
    child.stdin.end(options.input ?? '')
  })
}

function unrefStdin(child: ChildProcess): void {
  const stdin = child.stdin
  if (stdin === null) return
  stdin.on('error', () => {})
  if ('unref' in stdin && typeof stdin.unref === 'function') stdin.unref()
}
