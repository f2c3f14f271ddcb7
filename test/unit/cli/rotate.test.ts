import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
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
const path = (name: string) => join(shell.folder, name)
const read = (name: string) => readFileSync(path(name), 'utf8')
const write = (name: string, text: string) => writeFileSync(path(name), text)

beforeEach(() => {
  shell = openShell()
  write('.waxwing.yaml', POLICY)
  write('prod.key.yaml', prod.publicText)
  write('prod.seed.yaml', prod.seedText)
})
afterEach(() => shell.remove())

async function sealed(value: string): Promise<string> {
  write(
    'db.yaml',
    `apiVersion: v1\nkind: Secret\nmetadata: { name: db, namespace: shop }\nstringData:\n  username: app\n  password: ${JSON.stringify(value)}\n`,
  )
  const { stdout, stderr, code } = await shell.warm('waxwing seal db.yaml')
  expect(code, stderr).toBe(0)
  return stdout
}

async function passwordIn(file: string): Promise<string> {
  const { stdout } = await shell.warm(`waxwing unseal --seed prod.seed.yaml -o json ${file}`)
  return Buffer.from(JSON.parse(stdout).data.password, 'base64').toString()
}

test('neither the old nor the new value is shown, in no form of output', async () => {
  const secret = canary()
  write('s.yaml', await sealed(secret.text.replace(/".*$/s, '')))
  const { code, stdout, stderr } = await shell.warm('waxwing rotate --diff --debug s.yaml password')
  expect(code, stderr).toBe(0)
  const fresh = await passwordIn('s.yaml')
  expect(fresh).toMatch(/^[A-Za-z0-9]{40}$/)
  const said = stdout + stderr + read('s.yaml')
  expectNoCanary(said)
  for (const form of [fresh, Buffer.from(fresh).toString('base64'), Buffer.from(fresh).toString('hex')])
    expect(said).not.toContain(form)
})

describe('all other bytes stay', () => {
  test.each([
    ['comments', (text: string) => text.replace('spec:', '# of the team\nspec:   # here')],
    ['Windows line ends', (text: string) => text.replaceAll('\n', '\r\n')],
    ['other documents', (text: string) => `a:   {b: c}   # kept\n---\n${text}---\nx: y\n`],
  ])('%s', async (_what, change) => {
    const before = change(await sealed('old'))
    write('s.yaml', before)
    const { code, stderr } = await shell.warm('waxwing rotate s.yaml password')
    expect(code, stderr).toBe(0)
    const lines = read('s.yaml').split('\n')
    const gone = before.split('\n').filter((line) => !lines.includes(line))
    // The value itself, and its time where a second has passed.
    expect(gone.length).toBeGreaterThan(0)
    for (const line of gone) expect(line).toMatch(/^ {4}("password": "|waxwing\.dev\/sealed-at)/)
  })
})

describe('--due', () => {
  const aged = async (days: number) =>
    (await sealed('old')).replace(
      /(password\\":\\")[^\\]*/,
      `$1${new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 19)}Z`,
    )

  test('leaves what is not due', async () => {
    const young = await aged(89)
    write('young.yaml', young)
    write('old.yaml', await aged(91))
    const { code, stderr } = await shell.warm('waxwing rotate --due --yes')
    expect(code, stderr).toBe(0)
    expect(stderr).toContain('changed 1 file')
    expect(read('young.yaml')).toBe(young)
    expect(await passwordIn('old.yaml')).toMatch(/^[A-Za-z0-9]{40}$/)
  })

  test('one file that cannot be read stops all', async () => {
    const old = await aged(91)
    write('a.yaml', old)
    write('b.yaml', old.replace('scope: strict', 'scope: wide'))
    const { code, stderr } = await shell.warm('waxwing rotate --due --yes')
    expect([code, read('a.yaml')]).toEqual([1, old])
    expect(stderr).toContain('[malformed]')
  })

  test('a recipient whose key is not at hand stops all', async () => {
    const old = await aged(91)
    write('a.yaml', old)
    write('b.yaml', old.replace(/key: "?wx[a-z2-7]{26}/, `key: "wx${'a'.repeat(26)}`))
    const { code, stderr } = await shell.warm('waxwing rotate --due --yes')
    expect([code, read('a.yaml')]).toEqual([1, old])
    expect(stderr).toContain('[recipient-key-missing]')
  })
})
