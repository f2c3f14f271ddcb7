import { describe, expect, test } from 'vitest'
import { checkSecret } from '../../../../../shared/check/check-secret.ts'
import {
  completeToken,
  newTokenId,
  TOKEN_PREFIX,
  tokenIdOf,
} from '../../../../../shared/ops/create/bootstrap-token.ts'
import { newValues } from '../../../../../shared/ops/create/values.ts'
import '../../../../support/throw-with-code.ts'
import { seededRandom } from '../../../../support/objects.ts'

const NOW = Date.UTC(2026, 10, 24, 12)
const WISHES = { ttl: '24h', usages: 'authentication,signing', groups: '' }

test('what is made passes the checks', () => {
  const random = seededRandom(3)
  for (let i = 0; i < 50; i++) {
    const values = newValues()
    const id = newTokenId(random)
    completeToken(values, id, WISHES, NOW, random)
    const secret = {
      name: `${TOKEN_PREFIX}${id}`,
      namespace: 'kube-system',
      type: 'bootstrap.kubernetes.io/token',
      annotations: new Map(),
      data: values.map,
    }
    expect(checkSecret(secret, { now: NOW })).toEqual([])
  }
})

describe('life', () => {
  test.each([
    ['90m', '2026-11-24T13:30:00Z'],
    ['24h', '2026-11-25T12:00:00Z'],
    ['7d', '2026-12-01T12:00:00Z'],
    ['0', undefined],
  ])('%s', (ttl, expected) => {
    const values = newValues()
    expect(completeToken(values, 'abcdef', { ...WISHES, ttl }, NOW, seededRandom(1))).toBe(expected)
    expect(values.map.has('expiration')).toBe(expected !== undefined)
  })

  test.each(['', '24', 'h', '-1h', '1.5h', '0h', '1w', '99999999h'])('%j is none', (ttl) => {
    const complete = () => completeToken(newValues(), 'abcdef', { ...WISHES, ttl }, NOW, seededRandom(1))
    expect(complete).toThrowWithCode('usage')
  })
})

test('what is given is kept', () => {
  const values = newValues()
  values.put('token-secret', '0123456789abcdef')
  values.put('expiration', '2030-01-01T00:00:00Z')
  values.put('usage-bootstrap-signing', 'false')
  expect(completeToken(values, 'abcdef', WISHES, NOW, seededRandom(1))).toBe(undefined)
  const texts = [...values.map].map(([key, value]) => `${key}=${Buffer.from(value)}`)
  expect(texts).toEqual([
    'token-secret=0123456789abcdef',
    'expiration=2030-01-01T00:00:00Z',
    'usage-bootstrap-signing=false',
    'token-id=abcdef',
    'usage-bootstrap-authentication=true',
  ])
})

test('the id stands in the name', () => {
  expect(['bootstrap-token-abcdef', 'bootstrap-token-', 'db'].map(tokenIdOf)).toEqual([
    'abcdef',
    '',
    undefined,
  ])
})
