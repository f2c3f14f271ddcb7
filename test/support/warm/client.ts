import { type ChildProcess, fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync, rmSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { cliProgram, type Finished } from '../programs.ts'

/**
 * What stands for a command of the CLI: it says its id, waits for an exit code, and ends with it. A server runs the command
 * on the descriptors 5 to 7, since `echo` and `read` have the first ones in use. The demo, which a signal ends, is run by
 * `command` as it is.
 */
export const standIn = (command: string): string => `#!/bin/sh
[ "$1" = demo ] && exec ${command} "$@" 3>&-
exec 5<&0 6>&1 7>&2
mkfifo "$0.$$"
echo $$ >&3
read -r code <"$0.$$"
exit "$code"
`

export interface WarmOptions {
  cwd: string
  env: NodeJS.ProcessEnv
  /** Where the stand-in is, and the outputs until they are read. */
  bin: string
}

/**
 * Whether commands of the line write into one file in turn, or read from it: they would do so from where the one before
 * them has ended, and a server, which opens the file anew, cannot.
 */
export const sharesFiles = (script: string): boolean =>
  /(?:[)}]|\b(?:done|fi|esac|exec))[ \t]*\d*[<>]/.test(script)

/** Whether the line has a command, but for the demo, in the background: it is ended by a signal, which a server does not get. */
export const inBackground = (script: string): boolean =>
  /(?<![&>])&(?![&>\d])/.test(script.replaceAll(/\bwaxwing demo [^\n&;|]*&/g, ''))

/** Runs a shell line in which `waxwing` is a stand-in. */
export async function runWarm(script: string, { cwd, env, bin }: WarmOptions): Promise<Finished> {
  // Files, since a server can open them anew; the sockets that Node would make cannot be.
  const stdout = join(bin, 'stdout')
  const stderr = join(bin, 'stderr')
  const outputs = [stdout, stderr].map((path) => openSync(path, 'ax', 0o600))
  const child = spawn('sh', ['-c', script], { cwd, env, stdio: ['ignore', ...outputs, 'pipe'] })
  for (const output of outputs) closeSync(output)
  createInterface(child.stdio[3] as Readable).on('line', async (id) => {
    await writeFile(join(bin, `waxwing.${id}`), `${await answer(Number(id))}\n`)
  })
  const [code, signal] = await once(child, 'close')
  const [out, err] = [stdout, stderr].map((path) => readFileSync(path, 'utf8'))
  for (const path of [stdout, stderr]) rmSync(path)
  return { code: code ?? (signal ? 128 : 1), stdout: out ?? '', stderr: err ?? '' }
}

/** Servers that wait for a command: to start one takes as long as a command does. They end with this process. */
const idle: ChildProcess[] = []

/** Has a command run; gives its exit code. */
function answer(id: number): Promise<number> {
  const server = idle.pop() ?? startServer()
  return new Promise((resolve) => {
    const ended = (code: number | null) => resolve(code ?? 128)
    server.once('exit', ended)
    server.once('message', (message) => {
      server.off('exit', ended)
      idle.push(server)
      resolve(message as number)
    })
    server.send(id)
  })
}

function startServer(): ChildProcess {
  const server = fork(join(import.meta.dirname, 'server.mjs'), [cliProgram], {
    execArgv: [],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  server.unref()
  server.channel?.unref()
  return server
}
