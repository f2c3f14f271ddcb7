import { expect, test } from 'vitest'
import type { KeptSecret } from '../../../../shared/keys/backup/contents.ts'
import type { KnownKey } from '../../../../shared/keys/backup/facts.ts'
import { planRestore } from '../../../../shared/ops/restore-plan.ts'

type Facts = KnownKey['facts']

/** A sealing key whose seed is its id, so that other seeds are other keys. */
function key(name: string, id: string, more: Partial<Facts> = {}): KnownKey {
  const facts: Facts = {
    kind: 'waxwing',
    state: 'active',
    form: 'plain',
    id,
    notBefore: '2026-01-01T00:00:00Z',
    ...more,
  }
  const data = facts.form === 'wrapped' ? { wrappedSeed: id, public: id } : { seed: id, public: id }
  return { secret: secretOf(name, 'waxwing.dev/sealing-key', data), facts }
}
const bitnami = (name: string, id: string): KnownKey => ({
  secret: secretOf(name, 'kubernetes.io/tls', { 'tls.key': id }),
  facts: { kind: 'bitnami', state: 'active', form: 'plain', id: `sha256:${id}` },
})
const secretOf = (name: string, type: string, data: KeptSecret['data']): KeptSecret => ({
  name,
  type,
  labels: {},
  annotations: {},
  data,
})
const A = 'wxaaaaaaaaaaaaaaaaaaaaaaaaaa'
const B = 'wxbbbbbbbbbbbbbbbbbbbbbbbbbb'

/** What becomes of `kept` where `keys` are there, and other Secrets of these names. */
const plan = (kept: KnownKey[], keys: KnownKey[] = [], others: string[] = []) =>
  planRestore(kept, { keys, names: new Set([...keys.map(({ secret }) => secret.name), ...others]) }).map(
    ({ action, name, state }) => [action, name, ...(state === undefined ? [] : [state])],
  )

test('into an empty namespace: every key under its name, those first that are sealed to first', () => {
  const older = key('old', A, { notBefore: '2025-01-01T00:00:00Z' })
  const retired = key('gone', B, { state: 'retired', notBefore: '2026-09-01T00:00:00Z' })
  const newest = key('new', 'wxc')
  expect(plan([retired, older, newest, bitnami('tls', '1')])).toEqual([
    ['create', 'new'],
    ['create', 'old'],
    ['create', 'tls'],
    ['create', 'gone'],
  ])
})

test.each<[string, KnownKey, KnownKey, string]>([
  ['under its name', key('k', A), key('k', A), 'k'],
  ['under another name', key('k', A), key('moved', A), 'moved'],
  ['wrapped by now', key('k', A), key('k', A, { form: 'wrapped' }), 'k'],
  ['plain, and wrapped in the backup', key('k', A, { form: 'wrapped' }), key('k', A), 'k'],
  [
    'malformed, the same to the byte',
    key('k', A, { form: 'malformed' }),
    key('k', A, { form: 'malformed' }),
    'k',
  ],
  ["Bitnami's", bitnami('tls', '1'), bitnami('tls', '1'), 'tls'],
])('a key that is there is left: %s', (_what, kept, present, name) => {
  expect(plan([kept], [present])).toEqual([['there', name, 'active']])
})

test('a key that was retired or taken back since stays what it is by now', () => {
  expect(plan([key('k', A)], [key('k', A, { state: 'retired' })])).toEqual([['there', 'k', 'retired']])
})

test("a sealing key gets another name where its own is another key's, as after the start of a new controller", () => {
  expect(plan([key('waxwing-key-1', A)], [key('waxwing-key-1', B)])).toEqual([
    ['create', 'waxwing-key-aaaaaaaa'],
  ])
  expect(plan([key('waxwing-key-1', A)], [], ['waxwing-key-1'])).toEqual([['create', 'waxwing-key-aaaaaaaa']])
  expect(plan([key('k', A), key('k', B)])).toEqual([
    ['create', 'k'],
    ['create', 'waxwing-key-bbbbbbbb'],
  ])
})

test.each<[string, KnownKey, KnownKey[], string[]]>([
  ['both of its names are taken', key('k', A), [key('k', B)], ['waxwing-key-aaaaaaaa']],
  [
    'a malformed key has no other name',
    key('k', A, { form: 'malformed', id: undefined } as never),
    [key('k', B)],
    [],
  ],
  ["Bitnami's name is another's", bitnami('tls', '1'), [bitnami('tls', '2')], []],
  ['a Secret that is no key has it', bitnami('tls', '1'), [], ['tls']],
])('nothing is written over: %s', (_what, kept, present, others) => {
  expect(plan([kept], present, others)).toEqual([['conflict', kept.secret.name]])
})

test('a malformed Secret that only states the id of a key does not pass for it', () => {
  const { id: _, ...facts } = key('k', A, { form: 'malformed' }).facts
  const forged = { secret: secretOf('forged', 'waxwing.dev/sealing-key', { public: A }), facts }
  expect(plan([key('k', A)], [forged])).toEqual([['create', 'k']])
})
