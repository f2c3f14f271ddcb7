import { describe, expect, test } from 'vitest'
import { type AtRestOptions, atRestProblem } from '../../../../controller/keys/at-rest/options.ts'
import { providersOf } from '../../../../controller/keys/at-rest/providers.ts'
import { readWrappedBy, writeWrappedBy } from '../../../../controller/keys/at-rest/wrapped-by.ts'
import { optionsCommand } from '../../../../controller/options.ts'

const parse = (...args: string[]): AtRestOptions =>
  optionsCommand()
    .exitOverride()
    .configureOutput({ writeErr: () => undefined })
    .parse(args, { from: 'user' })
    .opts()

const KMS = ['--kms', 'unix:///run/kms.sock']
const FORMER = ['--vault-decrypt-addr', 'https://old:8200', '--vault-decrypt-token-file', 'token']
const VAULT = ['--vault-addr', 'https://vault:8200', '--vault-role', 'waxwing']

test.each<[string, string[], [string | undefined, number]]>([
  ['nothing', [], [undefined, 0]],
  ['a KMS', KMS, ['kms', 1]],
  ['a Vault', VAULT, ['transit', 1]],
  ['both, to transit', [...KMS, ...VAULT, '--at-rest', 'transit'], ['transit', 2]],
  ['back to plain', [...KMS, '--at-rest', 'plain'], [undefined, 1]],
  ['two Vaults', [...VAULT, ...FORMER], ['transit', 2]],
  ['from a Vault to a KMS', [...KMS, ...FORMER], ['kms', 2]],
  ['two KMS', [...KMS, '--kms-decrypt', 'unix:///old.sock'], ['kms', 2]],
])('%s', (_what, args, [form, count]) => {
  const options = parse(...args)
  expect(atRestProblem(options)).toBeUndefined()
  const { target, all } = providersOf(options, 'test')
  expect([target?.form, all.length]).toEqual([form, count])
  if (form === 'transit') expect(target?.what).toContain('https://vault:8200')
  if (form === 'kms') expect(target?.what).toBe('the KMS at unix:///run/kms.sock')
})

test.each([
  [[...KMS, ...VAULT], '--at-rest must say'],
  [['--at-rest', 'kms'], 'needs --kms'],
  [['--at-rest', 'kms', '--kms-decrypt', 'unix:///a'], 'needs --kms'],
  [['--at-rest', 'transit'], 'needs --vault-addr'],
  [['--vault-addr', 'https://vault'], 'either --vault-token-file or --vault-role'],
  [['--at-rest', 'transit', ...FORMER], 'needs --vault-addr'],
  [['--vault-decrypt-addr', 'https://old'], 'either --vault-decrypt-token-file or --vault-decrypt-role'],
  [[...FORMER, '--vault-decrypt-role', 'a'], 'either --vault-decrypt-token-file or --vault-decrypt-role'],
  [[...VAULT, '--vault-token-file', 'a'], 'either --vault-token-file or --vault-role'],
])('%j do not go together', (args, why) => {
  expect(atRestProblem(parse(...args))).toContain(why)
})

test.each([
  [['--kms', '/run/kms.sock']],
  [['--kms', 'unix://run/kms.sock']],
  [['--kms', 'https://kms']],
  [['--vault-addr', 'http://vault:8200']],
  [['--vault-addr', 'https://user:pw@vault']],
  [['--vault-decrypt-addr', 'http://vault:8200']],
  [['--vault-decrypt-namespace', 'a/../b']],
  [['--vault-mount', 'a/../b']],
  [['--vault-key', 'a/b']],
  [['--at-rest-check', '0']],
  [['--at-rest', 'vault']],
])('%j is refused', (args) => {
  expect(() => parse(...args)).toThrow()
})

test('http will do on this machine', () => {
  expect(parse('--vault-addr', 'http://127.0.0.1:8200/').vaultAddr).toBe('http://127.0.0.1:8200')
})

describe('wrappedBy', () => {
  const base64 = (text: string) => Buffer.from(text).toString('base64')
  const kms = { provider: 'kms-v2' as const, keyId: 'k', annotations: { 'a.example.com': 'AQ==' } }
  const transit = { provider: 'transit' as const, mount: 'a/transit', key: 'k', version: 3 }

  test.each([kms, transit, { ...transit, namespace: 'team/a', derived: true as const }])('%j', (record) => {
    expect(readWrappedBy(writeWrappedBy(record))).toEqual(record)
  })

  test('of somebody who is not known is no rubbish', () => {
    expect(readWrappedBy(base64('{"provider":"hsm"}'))).toBe('unknown')
  })

  test.each<[string, object | string]>([
    ['no JSON', '{'],
    ['no object', '[]'],
    ['no provider', {}],
    ['another field', { ...kms, more: 1 }],
    ['no key_id', { ...kms, keyId: '' }],
    ['no annotations', { provider: 'kms-v2', keyId: 'k' }],
    ['loose base64', { ...kms, annotations: { 'a.example.com': 'AQ' } }],
    ['an annotation that is no domain name', { ...kms, annotations: { a: 'AQ==' } }],
    ['a mount that climbs', { ...transit, mount: 'a/../sys' }],
    ['a key that is a path', { ...transit, key: 'a/b' }],
    ['a key with a query', { ...transit, key: 'a?b' }],
    ['version 0', { ...transit, version: 0 }],
    ['derived: false', { ...transit, derived: false }],
    ['a namespace that climbs', { ...transit, namespace: '..' }],
  ])('with %s is malformed', (_what, record) => {
    expect(
      readWrappedBy(base64(typeof record === 'string' ? record : JSON.stringify(record))),
    ).toBeUndefined()
  })
})
