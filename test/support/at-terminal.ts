import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { afterEach } from 'vitest'
import type { Shell } from './shell.ts'

/** Runs a command at a terminal of its own, and types an answer whenever the screen ends with its question. */
const TERMINAL = `
import json, os, pty, re, sys
answers = json.loads(sys.argv[1])
pid, terminal = pty.fork()
if pid == 0:
    os.execvp("sh", ["sh", "-c", sys.argv[2]])
screen = b""
while True:
    try:
        data = os.read(terminal, 4096)
    except OSError:
        break
    if not data:
        break
    screen += data
    shown = re.sub(rb"\\x1b\\[[0-9]*[A-Za-z]", b"", screen)
    if answers and shown.endswith(answers[0][0].encode()):
        os.write(terminal, answers.pop(0)[1].encode())
sys.stdout.buffer.write(screen)
_, status = os.waitpid(pid, 0)
sys.exit(os.waitstatus_to_exitcode(status) % 256)
`

const running = new Set<ChildProcess>()
afterEach(() => {
  for (const child of running) child.kill()
})

/** What a user at a terminal sees and types; `answers` are pairs of the end of a question and what is typed then. */
export async function atTerminal(
  { folder }: Shell,
  line: string,
  answers: readonly (readonly [string, string])[],
) {
  const env = { ...process.env, PATH: `${join(folder, '../bin')}:${process.env.PATH}`, TERM: 'xterm' }
  const child = spawn('python3', ['-c', TERMINAL, JSON.stringify(answers), line], { cwd: folder, env })
  running.add(child)
  let screen = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      screen += chunk
    })
  const [code] = await once(child, 'close')
  running.delete(child)
  // Without what moves the cursor.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it is about
  return { code, screen: screen.replace(/\u001b\[\d*[A-Za-z]/g, '').replace(/\r+\n/g, '\n') }
}
