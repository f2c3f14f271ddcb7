import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { atTerminal } from '../../support/at-terminal.ts'
import { canary, expectNoCanary } from '../../support/canary.ts'
import { namedKey } from '../../support/keys.ts'
import { openShell, type Shell } from '../../support/shell.ts'

const prod = await namedKey('prod')
const POLICY = `recipients:
  prod: { file: prod.key.yaml, id: ${prod.key.id} }
rules:
  - match: "**"
    recipients: prod
    maxAge: { password: 90d }
    generate: { password: { length: 40 } }
`

let shell: Shell
beforeEach(async () => {
  shell = openShell()
  writeFileSync(at('.waxwing.yaml'), POLICY)
  writeFileSync(at('prod.key.yaml'), prod.publicText)
  writeFileSync(at('prod.seed.yaml'), prod.seedText)
  await shell.warm(
    'waxwing create opaque db -n shop --from-literal=user=app1 --generate password=9 --out db.yaml',
  )
})
afterEach(() => shell.remove())

const at = (name: string) => join(shell.folder, name)
const text = () => readFileSync(at('db.yaml'), 'utf8')
const opened = async (key: string) => {
  const { stdout } = await shell.warm('waxwing unseal -q -o json --seed prod.seed.yaml db.yaml')
  return Buffer.from(JSON.parse(stdout).data[key], 'base64').toString()
}

describe('a key without a rule is asked for', () => {
  test('twice, and not shown', async () => {
    const user = canary().text.replace(/".*$/s, '')
    const { code, screen } = await atTerminal(shell, 'waxwing rotate db.yaml user password', [
      ['user: ', `${user}\r`],
      ['user again: ', `${user}\r`],
    ])
    expect(code, screen).toBe(0)
    expectNoCanary(screen + text())
    expect(screen).toContain('changed db.yaml   ~ user, ~ password · shop/db')
    expect(await opened('user')).toBe(user)
    expect(await opened('password')).toMatch(/^[A-Za-z0-9]{40}$/)
  })

  test.each([
    ['two answers', 'one-x\r', 'two-y\r', 2, 'what was typed is not the same both times'],
    ['Ctrl-C', 'one-x\r', '\u0003', 130, 'interrupted; nothing was written'],
    ['the end of the input', '\u0004', '', 2, 'the input has ended before the answer'],
  ])('%s: nothing is written', async (_what, first, second, expected, words) => {
    const before = text()
    const { code, screen } = await atTerminal(shell, 'waxwing rotate db.yaml user', [
      ['user: ', first],
      ['user again: ', second],
    ])
    expect(code, screen).toBe(expected)
    expect(screen).toContain(words)
    expect(screen).not.toMatch(/one-x|two-y/)
    expect(text()).toBe(before)
  })
})

describe('--due asks once for all', () => {
  beforeEach(() => {
    const old = text().replace(/(password\\":\\")[^\\]*/, '$12020-01-01T00:00:00Z')
    expect(old).not.toBe(text())
    writeFileSync(at('db.yaml'), old)
    writeFileSync(at('two.yaml'), old)
  })

  test.each([
    ['\r', 2, true],
    ['no\r', 2, true],
    ['\u0003', 130, true],
    ['y\r', 0, false],
    ['YES\r', 0, false],
  ])('%j', async (answer, expected, kept) => {
    const before = [text(), readFileSync(at('two.yaml'), 'utf8')]
    const { code, screen } = await atTerminal(shell, 'waxwing rotate --due', [
      ['Apply to 2 files? [y/N]: ', answer],
    ])
    expect(code, screen).toBe(expected)
    expect(screen).toContain('plan    new values in 2 SealedSecrets of 2 files')
    const after = [text(), readFileSync(at('two.yaml'), 'utf8')]
    expect(after.map((now, i) => now === before[i])).toEqual([kept, kept])
  })

  test('and says before what is in no commit', async () => {
    await shell.sh('git init -q . && git add db.yaml && git -c user.name=a -c user.email=a@b commit -qm one')
    const { code, screen } = await atTerminal(shell, 'waxwing rotate --due', [
      ['Apply to 2 files? [y/N]: ', 'n\r'],
    ])
    expect(code, screen).toBe(2)
    const lost = 'the present value of `password` is in no commit and would be lost'
    expect(screen).toContain(`warn    two.yaml: ${lost}`)
    expect(screen).not.toContain(`db.yaml: ${lost}`)
    expect(screen.indexOf(lost)).toBeLessThan(screen.indexOf('Apply to'))
  })
})
