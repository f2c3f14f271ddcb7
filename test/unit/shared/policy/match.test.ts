import { expect, test } from 'vitest'
import { generateFor, globMatches, maxAgeFor, ruleFor } from '../../../../shared/policy/match.ts'
import { readPolicy } from '../../../../shared/policy/read.ts'

test.each([
  ['**', 'db.yaml', true],
  ['**', 'a/b/.c/db.yaml', true],
  ['*', 'a/b', false],
  ['*.yaml', 'db.yaml', true],
  ['*.yaml', 'apps/db.yaml', false],
  ['**/*.yaml', 'db.yaml', true],
  ['apps/**', 'apps/shop/db.yaml', true],
  ['apps/**', 'apps2/db.yaml', false],
  ['apps/*/db.yaml', 'apps/shop/db.yaml', true],
  ['apps/*/db.yaml', 'apps/shop/x/db.yaml', false],
  ['{dev,test}/**', 'test/db.yaml', true],
  ['{dev,test}/**', 'prod/db.yaml', false],
  ['db-?', 'db-1', true],
  ['db-[0-4]', 'db-5', false],
  ['*_KEY', 'API_KEY', true],
  ['*', '.dockerconfigjson', true],
  ['*', '', false],
  // No pattern of shells: it stands for itself.
  ['+(a|b)', 'a', false],
  ['a.b', 'axb', false],
])('%s and %s: %s', (glob, text, expected) => {
  expect(globMatches(glob, text)).toBe(expected)
})

const policy = readPolicy(`rules:
  - match: [apps/shop/**, shop.yaml]
    generate: { "*_KEY": { length: 8 }, "*": { length: 9 } }
    maxAge: { password: 1d, "pass*": 2d }
  - match: apps/**
  - match: "*.yaml"
`)

test.each([
  ['apps/shop/db.yaml', 2],
  ['shop.yaml', 2],
  ['apps/blog/db.yaml', 5],
  ['db.yaml', 6],
  ['other/db.yaml', undefined],
  ['../apps/db.yaml', undefined],
])('the first rule that matches %s is the one of line %s', (path, line) => {
  expect(ruleFor(policy, path)?.line).toBe(line)
})

test('the first that matches a data key', () => {
  const [rule] = policy.rules
  if (!rule) throw new Error('no rule')
  expect(generateFor(rule, 'API_KEY')?.length).toBe(8)
  expect(generateFor(rule, 'other')?.length).toBe(9)
  expect(maxAgeFor(rule, 'password')?.days).toBe(1)
  expect(maxAgeFor(rule, 'passphrase')?.days).toBe(2)
  expect(maxAgeFor(rule, 'token')).toBe(undefined)
})
