import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { atTerminal } from '../../../support/at-terminal.ts'
import { canary, expectNoCanary } from '../../../support/canary.ts'
import { namedKey } from '../../../support/keys.ts'
import { openShell, type Shell } from '../../../support/shell.ts'

let shell: Shell
beforeEach(async () => {
  shell = openShell()
  const { publicText, seedText } = await namedKey('prod')
  writeFileSync(join(shell.folder, 'prod.key.yaml'), publicText)
  writeFileSync(join(shell.folder, 'prod.seed.yaml'), seedText)
})
afterEach(() => {
  shell.remove()
})

const oneLine = () => canary().text.replace(/".*$/s, '')
const filesOf = () => readdirSync(shell.folder).filter((name) => !name.startsWith('prod.'))
const opened = async (file: string) =>
  JSON.parse((await shell.warm(`waxwing unseal -q -o json --seed prod.seed.yaml ${file}`)).stdout).data

test('a password is asked for twice and never shown', async () => {
  const password = oneLine()
  const { code, screen } = await atTerminal(
    shell,
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
    shell,
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
    shell,
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
    shell,
    'waxwing create opaque db -n shop -k prod.key.yaml --prompt password --out db.sealed.yaml',
    [['Value of password: ', key]],
  )
  expect([code, filesOf()]).toEqual([expected, []])
  expect(screen).toContain(words)
})
