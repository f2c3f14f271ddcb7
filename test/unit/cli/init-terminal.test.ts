import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { atTerminal } from '../../support/at-terminal.ts'
import { namedKey } from '../../support/keys.ts'
import { openShell, type Shell } from '../../support/shell.ts'

const prod = await namedKey('prod')
const LINE = 'waxwing init -k prod.key.yaml --recovery safe --seed-out ../safe.seed.yaml'
const QUESTION = 'Write 3 files? [y/N]: '

let shell: Shell
beforeEach(() => {
  shell = openShell()
  writeFileSync(at('prod.key.yaml'), prod.publicText)
})
afterEach(() => shell.remove())

const at = (name: string) => join(shell.folder, name)
const files = () => readdirSync(shell.folder, { recursive: true, encoding: 'utf8' }).sort()
const home = () => readdirSync(dirname(shell.folder)).sort()

test('the plan is shown, with the ids that are known and where the private key goes, before the question', async () => {
  const { code, screen } = await atTerminal(shell, LINE, [[QUESTION, 'y\r']])
  expect(code, screen).toBe(0)
  const [plan = '', done = ''] = screen.split(QUESTION)
  expect(plan).toContain(prod.key.id)
  expect(plan).toContain('keys/safe.key.yaml, new')
  expect(plan).toContain('private key → ../safe.seed.yaml')
  expect(done).toContain('made    .waxwing.yaml, keys/safe.key.yaml')
  expect(files()).toEqual(['.waxwing.yaml', 'keys', 'keys/safe.key.yaml', 'prod.key.yaml'])
  expect(statSync(at('../safe.seed.yaml')).mode & 0o777).toBe(0o600)
  const seed = /\bseed: "?([^"\n]+)/.exec(readFileSync(at('../safe.seed.yaml'), 'utf8'))?.[1]
  expect(seed).toHaveLength(44)
  expect(screen).not.toContain(seed)
})

describe('nothing is written', () => {
  test.each([
    ['the default', '\r', 0, 'nothing was written'],
    ['no', 'n\r', 0, 'nothing was written'],
    ['what is no answer', 'yess\r', 0, 'nothing was written'],
    ['Ctrl-C', '\u0003', 130, 'interrupted; nothing was written'],
    ['the end of the input', '\u0004', 2, 'the input has ended before the answer'],
  ])('%s', async (_what, answer, expected, words) => {
    const { code, screen } = await atTerminal(shell, LINE, [[QUESTION, answer]])
    expect(code, screen).toBe(expected)
    expect(screen).toContain(words)
    expect(files()).toEqual(['prod.key.yaml'])
    expect(home()).toEqual(['bin', 'work'])
  })
})

test('what has come to be while it asked is not written over', async () => {
  const answer = () => {
    writeFileSync(at('.waxwing.yaml'), "somebody else's")
    return 'y\r'
  }
  const { code, screen } = await atTerminal(shell, LINE, [[QUESTION, answer]])
  expect(code, screen).toBe(2)
  expect(screen).toContain('error   .waxwing.yaml: is there already [file-exists]')
  expect(files()).toEqual(['.waxwing.yaml', 'prod.key.yaml'])
  expect(readFileSync(at('.waxwing.yaml'), 'utf8')).toBe("somebody else's")
  expect(home()).toEqual(['bin', 'work'])
})

test('--yes and --dry-run do not ask', async () => {
  const dry = await atTerminal(shell, `${LINE} --dry-run`, [])
  expect(dry.code, dry.screen).toBe(0)
  expect(dry.screen).not.toContain('[y/N]')
  expect(files()).toEqual(['prod.key.yaml'])
  const { code, screen } = await atTerminal(shell, `${LINE} --yes`, [])
  expect(code, screen).toBe(0)
  expect(screen).not.toContain('[y/N]')
  expect(files()).toContain('.waxwing.yaml')
})
