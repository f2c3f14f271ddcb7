import { expect, test } from 'vitest'
import { movedFrom } from '../../../../shared/check/moved-from.ts'
import { type Bound, bindingText, bound } from '../../../../shared/crypto/bound.ts'

const from = (target: Bound, name: string, namespace = 'shop') =>
  movedFrom({
    name,
    namespace,
    envelopes: [
      {
        id: 'kq7p2xa3',
        suite: '',
        binding: bindingText(target),
        commitment: new Uint8Array(),
        recipients: [],
      },
    ],
  })

const db = bound('strict', 'shop', 'db')

test.each(['prod-db', 'db-v2', 'prod-db-v2', 'a.b-db.c', 'db'])('%s was db', (name) => {
  expect(from(db, name)).toEqual(db)
})

test('another scope', () => {
  const namespace = bound('namespace', 'shop', '')
  const cluster = bound('cluster', '', '')
  expect(from(namespace, 'db')).toEqual(namespace)
  expect(from(cluster, 'prod-db', 'x')).toEqual(cluster)
})

test('what cannot be told', () => {
  expect(from(db, 'mydb')).toBeUndefined()
  expect(from(db, 'db', 'other')).toBeUndefined()
  expect(movedFrom({ name: 'db', namespace: 'shop', envelopes: [] })).toBeUndefined()
})

test('a name of many pieces costs no more than one of eight', () => {
  expect(from(db, `${'x-'.repeat(120)}db`)).toBeUndefined()
})
