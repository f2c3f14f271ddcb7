import { spawn } from 'node:child_process'
import { SealError } from '../../shared/errors.ts'

export interface Running {
  /** Ends it with SIGTERM, and with SIGKILL when it does not end in 5 s. */
  stop(): Promise<void>
  /** What it has logged so far. */
  log(): string
}

/** A program in the background, its output kept. */
export function start(command: string, args: readonly string[]): Running {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let log = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      log += chunk.toString()
    })
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => resolve())
    child.once('error', () => resolve())
  })
  return {
    log: () => log,
    async stop() {
      child.kill('SIGTERM')
      const timer = setTimeout(() => child.kill('SIGKILL'), 5_000)
      await ended
      clearTimeout(timer)
    },
  }
}

/** Runs a program to its end; gives what it printed on stdout and stderr, throws when it fails. */
export async function run(
  command: string,
  args: readonly string[],
  options: { cwd: string; env?: NodeJS.ProcessEnv },
): Promise<{ stdout: string; stderr: string }> {
  const { cwd, env = process.env } = options
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
    let stdout = ''
    let stderr = ''
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString()
    })
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString()
    })
    child.once('error', () =>
      reject(new SealError('environment', `\`${command}\` cannot be run on this machine`)),
    )
    child.once('close', (code) => {
      if (code === 0) resolve({ stdout, stderr })
      else
        reject(
          new SealError('internal', `\`${command} ${args.join(' ')}\` ended with ${code}: ${stderr.trim()}`),
        )
    })
  })
}
