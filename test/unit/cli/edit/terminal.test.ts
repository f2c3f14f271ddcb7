import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { atTerminal } from '../../../support/at-terminal.ts'
import { canary, expectNoCanary } from '../../../support/canary.ts'
import { namedKey } from '../../../support/keys.ts'
import { openShell, type Shell } from '../../../support/shell.ts'

let shell: Shell
beforeEach(async () => {
  shell = openShell()
  const { publicText, seedText } = await namedKey('prod')
  writeFileSync(at('prod.key.yaml'), publicText)
  writeFileSync(at('prod.seed.yaml'), seedText)
  await shell.warm(
    'printf x1 | waxwing create opaque db -n shop -k prod.key.yaml --from-literal user=app1 > db.yaml',
  )
})
afterEach(() => shell.remove())

const at = (name: string) => join(shell.folder, name)
const text = () => readFileSync(at('db.yaml'), 'utf8')
const oneLine = () => canary().text.replace(/".*$/s, '')
const opened = async () =>
  JSON.parse((await shell.warm('waxwing unseal -q -o json --seed prod.seed.yaml db.yaml')).stdout).data

test('set asks for the value twice and never shows it', async () => {
  const password = oneLine()
  const { code, screen } = await atTerminal(shell, 'waxwing set -k prod.key.yaml db.yaml password', [
    ['Value of password: ', `${password}x\u007f\r`],
    ['Value of password again: ', `${password}\r`],
  ])
  expect(code, screen).toBe(0)
  expectNoCanary(screen + text())
  expect(screen).toContain('changed db.yaml   + password · shop/db')
  expect((await opened()).password).toBe(Buffer.from(password).toString('base64'))
})

test('Ctrl-C at the question: nothing written', async () => {
  const before = text()
  const { code, screen } = await atTerminal(shell, 'waxwing set -k prod.key.yaml db.yaml password', [
    ['Value of password: ', '\u0003'],
  ])
  expect(code).toBe(130)
  expect(screen).toContain('interrupted; nothing was written')
  expect(text()).toBe(before)
})

describe('a value that is in no commit', () => {
  test.each([
    ['\r', 1, true],
    ['n\r', 1, true],
    ['y\r', 0, false],
  ])('%j', async (answer, expected, kept) => {
    const before = text()
    await shell.sh('git init -q .')
    const { code, screen } = await atTerminal(shell, 'waxwing unset db.yaml user', [
      ['Go on? [y/N]: ', answer],
    ])
    expect(screen).toContain('the present value of `user` is in no commit and would be lost')
    expect(code, screen).toBe(expected)
    expect(text() === before).toBe(kept)
  })
})

test('a wrong text is opened again, as often as it takes', async () => {
  writeFileSync(
    at('editor.sh'),
    'echo . >> rounds\nn=$(wc -l < rounds)\nif [ $n -lt 5 ]; then sed -i "s/^data:.*/data: [$n]/" "$1"\nelse sed -i "s/^data:.*/data:/" "$1"; fi\n',
  )
  const { code, screen } = await atTerminal(shell, 'EDITOR="sh ./editor.sh" waxwing edit db.yaml', [])
  expect(code, screen).toBe(0)
  expect(screen).toContain('db.yaml: nothing to change')
  expect(readFileSync(at('rounds'), 'utf8')).toBe('.\n'.repeat(5))
  expect(readdirSync(shell.folder).sort()).toEqual([
    'db.yaml',
    'editor.sh',
    'prod.key.yaml',
    'prod.seed.yaml',
    'rounds',
  ])
})
