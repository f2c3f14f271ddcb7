import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { canary, expectNoCanary } from '../../../support/canary.ts'
import { namedKey } from '../../../support/keys.ts'
import { openShell, type Shell } from '../../../support/shell.ts'

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

let shell: Shell
let terminal: ChildProcess | undefined
beforeEach(async () => {
  shell = openShell()
  const { publicText, seedText } = await namedKey('prod')
  writeFileSync(join(shell.folder, 'prod.key.yaml'), publicText)
  writeFileSync(join(shell.folder, 'prod.seed.yaml'), seedText)
})
afterEach(() => {
  terminal?.kill()
  shell.remove()
})

async function atTerminal(line: string, answers: readonly (readonly [string, string])[]) {
  const env = { ...process.env, PATH: `${join(shell.folder, '../bin')}:${process.env.PATH}`, TERM: 'xterm' }
  const child = spawn('python3', ['-c', TERMINAL, JSON.stringify(answers), line], { cwd: shell.folder, env })
  terminal = child
  let screen = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      screen += chunk
    })
  const [code] = await once(child, 'close')
  // Without what moves the cursor.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it is about
  return { code, screen: screen.replace(/\u001b\[\d*[A-Za-z]/g, '').replace(/\r+\n/g, '\n') }
}

const oneLine = () => canary().text.replace(/".*$/s, '')
const filesOf = () => readdirSync(shell.folder).filter((name) => !name.startsWith('prod.'))
const opened = async (file: string) =>
  JSON.parse((await shell.sh(`waxwing unseal -q -o json --seed prod.seed.yaml ${file}`)).stdout).data

test('a password is asked for twice and never shown', async () => {
  const password = oneLine()
  const { code, screen } = await atTerminal(
    'waxwing create basic-auth login -n shop -k prod.key.yaml --out login.sealed.yaml',
    [
      ['User name: ', 'app\r'],
      ['Password: ', `${password}x\u007f\r`],
      ['Password again: ', `${password}\r`],
    ],
  )
  expect(code, screen).toBe(0)
  expectNoCanary(screen)
  expect(screen).toContain('User name: app\n')
  expect(screen).toContain('Password: \nPassword again: \n')
  expect(screen).toContain('sealed  login → login.sealed.yaml')
  expectNoCanary(readFileSync(join(shell.folder, 'login.sealed.yaml'), 'utf8'))
  expect(await opened('login.sealed.yaml')).toEqual({
    username: Buffer.from('app').toString('base64'),
    password: Buffer.from(password).toString('base64'),
  })
})

test('a login to a registry, with stdout going into a file', async () => {
  const password = `${oneLine()} ü`
  const { code, screen } = await atTerminal(
    'waxwing create docker pull -n shop -k prod.key.yaml --docker-server ghcr.io > pull.sealed.yaml',
    [
      ['User name: ', 'bot\r'],
      ['Password: ', `${password}\r`],
      ['Password again: ', `${password}\r`],
    ],
  )
  expect(code, screen).toBe(0)
  expectNoCanary(screen)
  const [text] = Object.values(await opened('pull.sealed.yaml')) as string[]
  const { auths } = JSON.parse(Buffer.from(text ?? '', 'base64').toString())
  expect(auths['ghcr.io'].password).toBe(password)
})

test('what is not the same both times is not sealed', async () => {
  const { code, screen } = await atTerminal(
    'waxwing create opaque db -n shop -k prod.key.yaml --prompt password --out db.sealed.yaml',
    [
      ['Value of password: ', `${oneLine()}\r`],
      ['Value of password again: ', `${oneLine()}\r`],
    ],
  )
  expect([code, filesOf()]).toEqual([2, []])
  expectNoCanary(screen)
  expect(screen).toContain('error   what was typed is not the same both times [usage]')
})

test.each([
  ['Ctrl-C', '\u0003', 130, 'error   interrupted; nothing was written'],
  ['Ctrl-D', '\u0004', 2, 'error   the input has ended before the answer [usage]'],
])('%s at the question', async (_name, key, expected, words) => {
  const { code, screen } = await atTerminal(
    'waxwing create opaque db -n shop -k prod.key.yaml --prompt password --out db.sealed.yaml',
    [['Value of password: ', key]],
  )
  expect([code, filesOf()]).toEqual([expected, []])
  expect(screen).toContain(words)
})
