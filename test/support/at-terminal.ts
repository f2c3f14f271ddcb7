import { join } from 'node:path'
import { type IPty, spawn } from '@lydell/node-pty'
import { afterEach } from 'vitest'
import type { Shell } from './shell.ts'

/** The end of a question, and what is typed then; a function is called when it is asked. */
type Answer = readonly [question: string, typed: string | (() => string)]

const running = new Set<IPty>()
afterEach(() => {
  for (const terminal of running) terminal.kill('SIGKILL')
})

/** What a user at a terminal sees, without what moves the cursor, when an answer is typed to each question in turn. */
export async function atTerminal(
  { folder }: Shell,
  line: string,
  answers: readonly Answer[],
): Promise<{ code: number; screen: string }> {
  const env = { ...process.env, PATH: `${join(folder, '../bin')}:${process.env.PATH}` }
  const terminal = spawn('sh', ['-c', line], { name: 'xterm', cols: 300, rows: 50, cwd: folder, env })
  running.add(terminal)
  const waiting = [...answers]
  let screen = ''
  terminal.onData((data) => {
    screen += data
    const [next] = waiting
    if (!next || !shown(screen).endsWith(next[0])) return
    waiting.shift()
    terminal.write(typeof next[1] === 'string' ? next[1] : next[1]())
  })
  const code = await new Promise<number>((resolve) => terminal.onExit(({ exitCode }) => resolve(exitCode)))
  running.delete(terminal)
  return { code, screen: shown(screen).replace(/\r+\n/g, '\n') }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it is about
const shown = (screen: string): string => screen.replace(/\u001b\[\d*[A-Za-z]/g, '')
