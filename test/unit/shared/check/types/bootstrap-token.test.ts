import { describe, expect, test } from 'vitest'
import { findingsOf, secretOf } from '../samples.ts'

const TYPE = 'bootstrap.kubernetes.io/token'
const good = {
  'token-id': 'abc123',
  'token-secret': '0123456789abcdef',
  'usage-bootstrap-authentication': 'true',
  'usage-bootstrap-signing': 'false',
  'auth-extra-groups': 'system:bootstrappers:workers,system:bootstrappers:kubeadm:default-node-token',
  expiration: '2040-02-01T00:00:00+01:00',
  description: 'For the new nodes.',
}

function found(
  changes: Partial<Record<keyof typeof good, string | undefined>> & Record<string, string | undefined>,
  rest = {},
) {
  const place = { name: 'bootstrap-token-abc123', namespace: 'kube-system', ...rest }
  return findingsOf({ secret: secretOf(TYPE, { ...good, ...changes }, place) })
}

test('a good one', () => {
  expect(found({})).toEqual([])
})

test('the least that is needed, before its name and namespace are known', () => {
  const secret = secretOf(
    TYPE,
    { 'token-id': 'abc123', 'token-secret': '0123456789abcdef', 'usage-bootstrap-signing': 'true' },
    { name: '', namespace: '' },
  )
  expect(findingsOf({ secret })).toEqual([])
})

describe('a bad one', () => {
  test.each<[string, Record<string, string | undefined>, string[]]>([
    ['no id', { 'token-id': undefined }, ['fail bootstrap-missing token-id']],
    ['an empty secret', { 'token-secret': '' }, ['fail bootstrap-missing token-secret']],
    ['a long id', { 'token-id': 'abc1234' }, ['fail bootstrap-id token-id']],
    ['capitals', { 'token-secret': '0123456789ABCDEF' }, ['fail bootstrap-secret token-secret']],
    [
      'a line break',
      { 'token-secret': '0123456789abcdef\n' },
      ['fail bootstrap-secret token-secret', 'warn value-newline token-secret'],
    ],
    [
      'the whole token',
      { 'token-secret': 'abc123.0123456789abcdef' },
      ['fail bootstrap-secret token-secret'],
    ],
    [
      'True',
      { 'usage-bootstrap-authentication': 'True' },
      ['fail bootstrap-usage usage-bootstrap-authentication'],
    ],
    ['an unknown usage', { 'usage-bootstrap-auth': 'true' }, ['fail bootstrap-usage usage-bootstrap-auth']],
    ['no usage', { 'usage-bootstrap-authentication': 'false' }, ['warn bootstrap-unused']],
    [
      'a group of others',
      { 'auth-extra-groups': 'system:masters' },
      ['fail bootstrap-groups auth-extra-groups'],
    ],
    [
      'a blank',
      { 'auth-extra-groups': 'system:bootstrappers:a, system:bootstrappers:b' },
      ['fail bootstrap-groups auth-extra-groups'],
    ],
    [
      'no group at all',
      { 'auth-extra-groups': 'system:bootstrappers:' },
      ['fail bootstrap-groups auth-extra-groups'],
    ],
    ['a date', { expiration: '2040-02-01' }, ['fail bootstrap-expiration expiration']],
    ['no zone', { expiration: '2040-02-01T00:00:00' }, ['fail bootstrap-expiration expiration']],
    ['no such month', { expiration: '2040-13-01T00:00:00Z' }, ['fail bootstrap-expiration expiration']],
    ['past', { expiration: '2039-12-31T23:59:59Z' }, ['fail bootstrap-expired expiration']],
    ['just now', { expiration: '2040-01-01T01:00:00+01:00' }, ['fail bootstrap-expired expiration']],
  ])('%s', (_what, changes, expected) => {
    expect(found(changes)).toEqual(expected)
  })

  test.each([
    ['bootstrap-token-abc124', 'fail bootstrap-name'],
    ['abc123', 'fail bootstrap-name'],
    ['bootstrap-token', 'fail bootstrap-name'],
  ])('the name %s', (name, expected) => {
    expect(found({}, { name })).toEqual([expected])
  })

  test('a name that no id could have', () => {
    expect(found({ 'token-id': 'x' }, { name: 'bootstrap-token-x' })).toEqual([
      'fail bootstrap-name',
      'fail bootstrap-id token-id',
    ])
  })

  test('another namespace', () => {
    expect(found({}, { namespace: 'shop' })).toEqual(['fail bootstrap-namespace'])
  })
})
