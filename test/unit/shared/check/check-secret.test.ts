import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { checkSecret } from '../../../../shared/check/check-secret.ts'
import { CHECK_CODES, type CheckCode } from '../../../../shared/check-codes/all.ts'
import { CODES } from '../../../../shared/codes.ts'
import { canary, expectNoCanary } from '../../../support/canary.ts'
import { fixtures, NOW, reader, secretOf, shown } from './samples.ts'

const TYPES = [
  'kubernetes.io/tls',
  'kubernetes.io/ssh-auth',
  'kubernetes.io/dockerconfigjson',
  'kubernetes.io/dockercfg',
  'kubernetes.io/basic-auth',
  'kubernetes.io/service-account-token',
  'bootstrap.kubernetes.io/token',
  'Opaque',
]
const KEYS = [
  'tls.crt',
  'tls.key',
  'ca.crt',
  'ssh-privatekey',
  '.dockerconfigjson',
  '.dockercfg',
  'username',
  'token-id',
  'token-secret',
  'auth-extra-groups',
  'expiration',
  'usage-bootstrap-signing',
]

test('findings come by key, then by code: first what is about the Secret itself', () => {
  const secret = secretOf('kubernetes.io/basic-auth', { z: 'changeme\n', b: '', a: ' x' })
  expect(checkSecret(secret, { now: NOW }).map(shown)).toEqual([
    'fail basic-auth-missing',
    'warn value-space a',
    'warn value-empty b',
    'warn value-newline z',
    'warn value-placeholder z',
  ])
})

test('what is allowed is not found', () => {
  const key = reader(`${fixtures}/ssh`)('ed25519-encrypted')
  const secret = secretOf('kubernetes.io/ssh-auth', { 'ssh-privatekey': key, note: '' })
  const found = (...allow: CheckCode[]) => checkSecret(secret, { now: NOW, allow }).map(shown)
  expect(found()).toEqual(['warn value-empty note', 'fail ssh-key-encrypted ssh-privatekey'])
  expect(found('ssh-key-encrypted')).toEqual(['warn value-empty note'])
  expect(found('ssh-key-encrypted', 'value-empty')).toEqual([])
})

test('every code of a check is a code of the project', () => {
  for (const [code, row] of Object.entries(CHECK_CODES)) expect(CODES[code as CheckCode]).toBe(row)
})

describe('no finding holds a value', () => {
  /** Texts that get past the first look of a check, each around a value that must not come back. */
  const around: ((value: string) => string)[] = [
    (value) => value,
    (value) => `  ${value}\r\n`,
    (value) => `\uFEFF${value}`,
    (value) => Buffer.from(value).toString('base64'),
    (value) => `-----BEGIN ${value}-----\n${value}\n-----END ${value}-----\n`,
    (value) =>
      `-----BEGIN PRIVATE KEY-----\n${Buffer.from(value).toString('base64')}\n-----END PRIVATE KEY-----\n`,
    (value) =>
      `-----BEGIN CERTIFICATE-----\n${Buffer.from(value).toString('base64')}\n-----END CERTIFICATE-----\n`,
    (value) => JSON.stringify({ auths: { [value]: { auth: value, username: value, identitytoken: value } } }),
    (value) =>
      JSON.stringify({
        auths: { [value]: { auth: Buffer.from(`${value}:${value}`).toString('base64'), password: 'x' } },
      }),
    (value) => JSON.stringify({ auths: { [value]: value }, [value]: value, credsStore: value }),
    (value) => JSON.stringify({ [value]: { username: value } }),
    (value) => `<${value}>`,
  ]

  test.each(TYPES)('%s', (type) => {
    const value = canary()
    let count = 0
    for (const wrap of around) {
      const secret = secretOf(type, Object.fromEntries(KEYS.map((key) => [key, wrap(value.text)])))
      const found = checkSecret(secret, { now: NOW })
      count += found.length
      expectNoCanary(JSON.stringify(found), type, [value])
    }
    expect(count).toBeGreaterThan(0)
  })
})

test('any bytes under any keys are checked without an exception, and the same way each time', () => {
  const value = fc.oneof(
    fc.uint8Array({ maxLength: 80 }),
    fc.string({ unit: 'binary' }).map((text) => Buffer.from(text)),
  )
  const values = fc.dictionary(
    fc.oneof(fc.constantFrom(...KEYS), fc.stringMatching(/^[-._a-zA-Z0-9]{1,8}$/)),
    value,
  )
  fc.assert(
    fc.property(fc.constantFrom(...TYPES), values, (type, data) => {
      const secret = secretOf(type, data)
      const found = checkSecret(secret, { now: NOW })
      expect(checkSecret(secret, { now: NOW })).toEqual(found)
      for (const { code, severity } of found) expect(severity).toBe(CHECK_CODES[code].severity)
    }),
  )
})

test('values as large as a Secret may be are checked in no time', () => {
  const start = performance.now()
  for (const piece of [
    '-----BEGIN A-----\nAAAA\n-----END A-----\n',
    '-----BEGIN A----- ',
    'A',
    '{"":',
    '[',
    ' ',
    '<',
    '\r\n',
  ])
    for (const type of [...TYPES.slice(0, 3), 'Opaque']) {
      const text = piece.repeat(Math.ceil(1_000_000 / piece.length))
      checkSecret(secretOf(type, { 'tls.crt': text, 'ssh-privatekey': text, '.dockerconfigjson': text }), {
        now: NOW,
      })
    }
  expect(performance.now() - start).toBeLessThan(20_000)
})

test('where there is no reader of certificates, the rest is checked and the findings say so', async () => {
  vi.resetModules()
  vi.doMock('#x509', () => import('../../../../shared/check/types/x509/none.ts'))
  const { checkSecret: checkInBrowser } = await import('../../../../shared/check/check-secret.ts')
  const file = reader(`${fixtures}/tls`)
  const found = (type: string, values: Record<string, string>) =>
    checkInBrowser(secretOf(type, values), { now: NOW }).map(shown)
  expect(found('kubernetes.io/tls', { 'tls.crt': file('leaf.crt'), 'tls.key': file('rsa.key') })).toEqual([
    'warn not-checked',
  ])
  expect(found('kubernetes.io/tls', { 'tls.crt': 'x', 'tls.key': file('leaf.encrypted.key') })).toEqual([
    'warn not-checked',
    'fail pem-missing tls.crt',
    'fail tls-key-encrypted tls.key',
  ])
  const ssh = reader(`${fixtures}/ssh`)
  expect(found('kubernetes.io/ssh-auth', { 'ssh-privatekey': ssh('ed25519') })).toEqual([])
  expect(found('kubernetes.io/ssh-auth', { 'ssh-privatekey': ssh('rsa-pem') })).toEqual([
    'warn not-checked ssh-privatekey',
  ])
  vi.doUnmock('#x509')
})
