import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { namedKey } from '../../support/keys.ts'
import { root } from '../../support/programs.ts'
import { openShell, type Shell } from '../../support/shell.ts'

// Whatever a rule says can refuse, and the refusal names the line that says it.

const [prod, recovery] = await Promise.all([namedKey('prod'), namedKey('recovery')])
const LINE = 7

/** A policy of one rule: its field stands on line 7. */
const policyOf = (field: string) => `# who may open what
recipients:
  prod: { file: prod.key.yaml, id: ${prod.key.id} }
  recovery: { file: recovery.key.yaml, id: ${recovery.key.id} }
rules:
  - match: "**"
    ${field}
`

interface Case {
  /** As the rule has it. */
  field: string
  code: string
  /** How `seal` is called to refuse; ages are for `verify` alone. */
  seal?: string
}

const CASES: Record<string, Case> = {
  recipients: {
    field: 'recipients: [prod, recovery]',
    code: 'policy-recipients',
    seal: '-k prod.key.yaml',
  },
  scope: {
    field: 'scope: namespace',
    code: 'policy-scope',
    seal: '-k prod.key.yaml --scope strict',
  },
  types: {
    field: 'types: [kubernetes.io/tls]',
    code: 'policy-type',
    seal: '-k prod.key.yaml',
  },
  name: { field: 'name: [shop-*]', code: 'policy-name', seal: '-k prod.key.yaml' },
  namespace: { field: 'namespace: blog', code: 'policy-name', seal: '-k prod.key.yaml' },
  maxAge: { field: 'maxAge: { password: 90d }', code: 'policy-age' },
  schema: { field: 'schema: gone.cfgu.json', code: 'file-read', seal: '-k prod.key.yaml' },
  // These allow or do something; they refuse only what they themselves have wrong.
  match: { field: 'match: /apps', code: 'policy-malformed', seal: '-k prod.key.yaml' },
  generate: {
    field: 'generate: { password: { length: 0 } }',
    code: 'policy-malformed',
    seal: '-k prod.key.yaml',
  },
  allow: { field: 'allow: value-emty', code: 'policy-malformed', seal: '-k prod.key.yaml' },
}

let shell: Shell
beforeAll(async () => {
  shell = openShell()
  write('prod.key.yaml', prod.publicText)
  write('recovery.key.yaml', recovery.publicText)
  write(
    'db.yaml',
    'apiVersion: v1\nkind: Secret\nmetadata: { name: db, namespace: shop }\nstringData: { password: p1 }\n',
  )
  const { stdout } = await shell.warm('waxwing seal -q -k prod.key.yaml db.yaml')
  write('db.sealed.yaml', stdout.replace(/(password\\":\\")[^\\]*/, '$12020-01-01T00:00:00Z'))
})
afterAll(() => shell.remove())

const write = (name: string, text: string) => writeFileSync(join(shell.folder, name), text)

/** `match` begins a rule; here it stands below its dash. */
const writePolicy = ({ field }: Case) =>
  write(
    '.waxwing.yaml',
    field.startsWith('match')
      ? policyOf('').replace('  - match: "**"\n', `  -\n    ${field}\n`)
      : policyOf(field),
  )

const all = Object.entries(CASES).map(([name, one]) => ({ name, ...one }))

test.each(all.filter(({ seal }) => seal !== undefined))('seal refuses by `$name`', async (one) => {
  writePolicy(one)
  const { code, stdout, stderr } = await shell.warm(`waxwing seal ${one.seal} db.yaml`)
  expect(code).toBeGreaterThan(0)
  expect(stdout).toBe('')
  expect(stderr).toContain(`.waxwing.yaml:${LINE}`)
  expect(stderr).toContain(`[${one.code}]`)
})

test.each(all)('verify refuses by `$name`', async (one) => {
  writePolicy(one)
  const { code, stdout, stderr } = await shell.warm('waxwing verify db.sealed.yaml')
  expect(code).toBeGreaterThan(0)
  expect(stdout + stderr).toContain(`.waxwing.yaml:${LINE}`)
  expect(stdout + stderr).toContain(one.code)
})

test('there is a case for every field that a rule may have', () => {
  const schema = JSON.parse(readFileSync(join(root, 'schemas/waxwing-policy.schema.json'), 'utf8'))
  expect(Object.keys(CASES).sort()).toEqual(Object.keys(schema.properties.rules.items.properties).sort())
})
