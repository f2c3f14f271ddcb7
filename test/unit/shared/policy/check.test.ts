import { expect, test } from 'vitest'
import { chooseKem } from '../../../../shared/crypto/kem/choose.ts'
import { SEALED_AT } from '../../../../shared/format/sealed-secret.ts'
import { checkPolicy } from '../../../../shared/policy/check.ts'
import { readPolicy } from '../../../../shared/policy/read.ts'
import { canary, expectNoCanary } from '../../../support/canary.ts'
import { sealObject, seededRandom, testKeys } from '../../../support/objects.ts'

const NOW = Date.parse('2026-06-01T12:00:00Z')
const kem = await chooseKem()
const keys = await testKeys(kem, 3)
const secret = canary()
const values = new Map([
  ['password', secret.bytes],
  ['token', secret.bytes],
  ['old', secret.bytes],
])
const sealed = await sealObject(kem, keys.slice(0, 2), values, seededRandom(1))
sealed.annotations.set(
  SEALED_AT,
  JSON.stringify({ password: '2026-05-01T12:00:00Z', old: '2020-01-01T00:00:00Z', odd: 'yesterday' }),
)

/** What a rule with these fields finds in the object. The rule stands on line 6, its fields below it. */
function found(fields: string, object = sealed) {
  const [a, b, c] = keys.map(({ id }) => id)
  const { rules } = readPolicy(`recipients:
  a: { file: a.yaml, id: ${a} }
  b: { file: b.yaml, id: ${b} }
  c: { file: c.yaml, id: ${c} }
rules:
  - match: "**"
    ${fields}
`)
  const [rule] = rules
  if (!rule) throw new Error('no rule')
  const problems = checkPolicy(object, { rule, file: '.waxwing.yaml' }, NOW)
  expectNoCanary(JSON.stringify(problems), fields, [secret])
  return problems
}

const recipients = ['spec', 'envelopes', 0, 'recipients']
const line7 = { policy: '.waxwing.yaml:7' }

test('what fits the rule finds nothing', () => {
  expect(
    found('recipients: [b, a]\n    scope: strict\n    types: Opaque\n    name: d?\n    namespace: shop'),
  ).toEqual([])
  expect(found('maxAge: { password: 31d, "to*": 1d, other: 1d }').map(({ severity }) => severity)).toEqual([
    'warn',
  ])
})

test.each([
  [
    'a recipient is missing',
    'recipients: [a, b, c]',
    [
      {
        code: 'policy-recipients',
        path: recipients,
        args: { problem: 'missing', holder: 'c', id: keys[2]?.id },
      },
    ],
  ],
  [
    'a recipient is there that the rule does not name',
    'recipients: [a]',
    [
      {
        code: 'policy-recipients',
        path: recipients,
        args: { problem: 'extra', holder: '', id: keys[1]?.id },
      },
    ],
  ],
  [
    'scope',
    'scope: namespace',
    [{ code: 'policy-scope', path: ['spec', 'scope'], args: { scope: 'strict', wanted: 'namespace' } }],
  ],
  [
    'type',
    'types: [kubernetes.io/tls]',
    [
      {
        code: 'policy-type',
        path: ['spec', 'template', 'type'],
        args: { type: 'Opaque', wanted: 'kubernetes.io/tls' },
      },
    ],
  ],
  [
    'name',
    'name: [shop-*, cache]',
    [
      {
        code: 'policy-name',
        path: ['metadata', 'name'],
        args: { field: 'name', name: 'db', wanted: 'shop-*, cache' },
      },
    ],
  ],
  [
    'namespace',
    'namespace: blog',
    [
      {
        code: 'policy-name',
        path: ['metadata', 'namespace'],
        args: { field: 'namespace', name: 'shop', wanted: 'blog' },
      },
    ],
  ],
  [
    'age',
    'maxAge: { password: 30d, old: 10y, new: 1d }',
    [
      {
        code: 'policy-age',
        path: ['spec', 'data', 'password'],
        args: { problem: 'old', key: 'password', limit: '30', days: '31', date: '2026-05-01' },
      },
    ],
  ],
])('refused with the line of the rule: %s', (_what, fields, expected) => {
  const whole = expected.map(({ code, path, args }) => ({
    code,
    severity: 'fail',
    path,
    args: { ...args, ...line7 },
  }))
  expect(found(fields)).toEqual(whole)
})

test('a value of unknown age is a warning; ages that are no times count as unknown', () => {
  const args = { problem: 'unknown', key: 'token', limit: '1', ...line7 }
  const warning = { code: 'policy-age', severity: 'warn', path: ['spec', 'data', 'token'], args }
  expect(found('maxAge: { token: 1d }')).toEqual([warning])
  for (const text of ['', '[]', 'null', '{"token": 5}', '{"token": "2026-05-01"}', `{${secret.text}`]) {
    const object = { ...sealed, annotations: new Map([[SEALED_AT, text]]) }
    expect(found('maxAge: { token: 1d }', object)).toEqual([warning])
  }
})

test('every envelope is held to the recipients', async () => {
  const other = await sealObject(kem, keys.slice(1, 2), values, seededRandom(2))
  const both = { ...sealed, envelopes: [...sealed.envelopes, ...other.envelopes] }
  expect(
    found('recipients: [a, b]', both).map(({ path, args }) => [path[2], args.problem, args.holder]),
  ).toEqual([[1, 'missing', 'a']])
})
