import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { namedKey } from '../../../support/keys.ts'
import { openShell, type Shell } from '../../../support/shell.ts'

// What a command has to change in a file is worked out here a second time, line by line; every other byte stays.

const secret = (name: string) =>
  `apiVersion: v1\nkind: Secret\nmetadata: { name: ${name}, namespace: shop }\nstringData: { user: u1, password: p1, keep: k1 }\n`
const EDITOR = 'sed -i -e "s/^  user: .*/  user: other/" -e "/^  password:/d" "$1"\n'

let shell: Shell
let db: string
let web: string
beforeAll(async () => {
  shell = openShell()
  const { publicText, seedText } = await namedKey('prod')
  writeFileSync(at('prod.key.yaml'), publicText)
  writeFileSync(at('prod.seed.yaml'), seedText)
  writeFileSync(at('editor.sh'), EDITOR)
  const sealed = async (name: string) => {
    writeFileSync(at('plain.yaml'), secret(name))
    return (await shell.warm('waxwing seal -q -k prod.key.yaml plain.yaml')).stdout
  }
  db = await sealed('db')
  web = await sealed('web')
})
afterAll(() => shell.remove())

const at = (name: string) => join(shell.folder, name)

const comments = (text: string) =>
  `# who owns it\n\n${text}`
    .replace('\nspec:\n', '\n# what is sealed\nspec:   # here\n')
    .replace(/^( +)("user": .*)$/m, '$1# of the app\n$1$2   # rotated by hand\n')
    .replace(/^( +"keep": .*\n)/m, '$1    # that was all\n\n')
    .concat('# at the end\n')
const anchors = (text: string) =>
  `${text.replace('  namespace: shop\n', '  namespace: shop\n  labels: &labels { app: shop,   tier: "db" }\n')}  template:\n    metadata: { labels: *labels }\n`
const windows = (text: string) => text.replaceAll('\n', '\r\n')
const many = (text: string) =>
  `# first\napiVersion: v1\nkind: ConfigMap\nmetadata: {name:   x}\ndata: { user:   'u', "password": p }\n---\n${text}---\n${web}---\n# nothing\n--- # last\n- a: &a b\n- *a\n`

const TRAITS: [string, () => string][] = [
  ['comments', () => comments(db)],
  ['CRLF', () => windows(db)],
  ['anchors', () => anchors(db)],
  ['many documents', () => many(db)],
  ['all of it', () => windows(many(comments(anchors(db))))],
]

const VALUE = (key: string) => new RegExp(`^ +"${key}": "(.*)"`)
const DATES = /^ +waxwing\.dev\/sealed-at: ([^\r\n]*)/
const lines = (text: string) => text.split(/(?<=\n)/)

/** The lines of the first SealedSecret alone are looked at. */
function indexOf(list: readonly string[], pattern: RegExp): number {
  const found = list.findIndex((line) => pattern.test(line))
  expect(found, String(pattern)).toBeGreaterThan(-1)
  return found
}

/** What `after` has there, in the place of what `list` has. */
function take(list: string[], after: readonly string[], pattern: RegExp): void {
  const here = indexOf(list, pattern)
  const now = pattern.exec(after[indexOf(after, pattern)] ?? '')?.[1] ?? ''
  expect(now).not.toBe('')
  list[here] = (list[here] ?? '').replace(pattern.exec(list[here] ?? '')?.[1] ?? '', () => now)
}

const remove = (list: string[], pattern: RegExp) => list.splice(indexOf(list, pattern), 1)

/** The envelope of the new values, below those that are there. */
function takeEnvelope(list: string[], after: readonly string[]): void {
  const last = indexOf(list, /^ +wrap: /)
  const from = indexOf(after, /^ +wrap: /) + 1
  const fresh = after.slice(from, from + 8)
  const names = fresh.map((line) => /^ +(?:- )?([a-z]+):/.exec(line)?.[1])
  expect(names).toEqual(['id', 'suite', 'binding', 'commitment', 'recipients', 'key', 'kem', 'wrap'])
  list.splice(last + 1, 0, ...fresh)
}

const COMMANDS: {
  line: string
  expected: (list: string[], after: readonly string[]) => void
  values: Record<string, string>
}[] = [
  {
    line: 'waxwing set -k prod.key.yaml file.yaml --name db user=new token=t1',
    expected: (list, after) => {
      take(list, after, DATES)
      take(list, after, VALUE('user'))
      takeEnvelope(list, after)
      list.splice(indexOf(list, VALUE('keep')) + 1, 0, after[indexOf(after, VALUE('token'))] ?? '')
    },
    values: { user: 'new', password: 'p1', keep: 'k1', token: 't1' },
  },
  {
    line: 'waxwing unset file.yaml --name db user',
    expected: (list, after) => {
      take(list, after, DATES)
      remove(list, VALUE('user'))
    },
    values: { password: 'p1', keep: 'k1' },
  },
  {
    line: 'EDITOR="sh ./editor.sh" waxwing edit -k prod.key.yaml --name db file.yaml',
    expected: (list, after) => {
      take(list, after, DATES)
      take(list, after, VALUE('user'))
      remove(list, VALUE('password'))
      takeEnvelope(list, after)
    },
    values: { user: 'other', keep: 'k1' },
  },
]

describe.each(COMMANDS)('$line', ({ line, expected, values }) => {
  test.each(TRAITS)('%s', async (_trait, make) => {
    const before = make()
    writeFileSync(at('file.yaml'), before)
    const { code, stderr } = await shell.warm(line)
    expect(code, stderr).toBe(0)
    const after = readFileSync(at('file.yaml'), 'utf8')
    const list = lines(before)
    expected(list, lines(after))
    expect(after).toBe(list.join(''))
    expect(await openedDb()).toEqual(values)
  })
})

async function openedDb(): Promise<Record<string, string>> {
  const { stdout, stderr, code } = await shell.warm('waxwing unseal -o json --seed prod.seed.yaml file.yaml')
  expect(code, stderr).toBe(0)
  interface Item {
    metadata?: { name: string }
    data: Record<string, string>
    items?: Item[]
  }
  const all = JSON.parse(stdout) as Item
  const found = (all.items ?? [all]).find(({ metadata }) => metadata?.name === 'db')
  return Object.fromEntries(
    Object.entries(found?.data ?? {}).map(([key, text]) => [key, Buffer.from(text, 'base64').toString()]),
  )
}
