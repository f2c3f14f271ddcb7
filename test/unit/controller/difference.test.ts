import { describe, expect, test } from 'vitest'
import { APPLIED_ANNOTATION, type SecretObject } from '../../../controller/objects.ts'
import { difference as differenceOf } from '../../../controller/reconcile/difference.ts'
import { appliedTo } from '../../../controller/reconcile/owned.ts'
import type { DesiredSecret } from '../../../shared/resource/desired.ts'
import { desiredSecret, sealedObject, storedSecret } from './builders.ts'

const difference = (...[actual, desired]: [SecretObject, DesiredSecret]) =>
  differenceOf(actual, desired, sealedObject().metadata)
const dressed = desiredSecret({ labels: { app: 'shop', tier: 'db' }, annotations: { note: 'n' } })

describe('difference', () => {
  test('none', () => {
    expect(difference(storedSecret(dressed), dressed)).toBeUndefined()
  })

  test('values set, changed and removed, and nothing else in the patch', () => {
    const actual = storedSecret(desiredSecret({ data: { same: 'YQ==', changed: 'YQ==', gone: 'YQ==' } }))
    const found = difference(actual, desiredSecret({ data: { same: 'YQ==', changed: 'Yg==', new: 'Yw==' } }))
    expect(found).toEqual({
      changed: ['data.changed', 'data.new', 'data.gone'],
      needsReplacing: false,
      patch: { metadata: { resourceVersion: '20' }, data: { changed: 'Yg==', new: 'Yw==', gone: null } },
    })
  })

  test('labels and annotations that left the template go; those of others stay', () => {
    const actual = storedSecret(dressed, ({ metadata }) => {
      metadata.labels = { ...metadata.labels, theirs: 'x' }
      metadata.annotations = { ...metadata.annotations, theirs: 'y' }
    })
    const found = difference(actual, desiredSecret({ labels: { app: 'shop' } }))
    expect(found?.changed).toEqual(['labels.tier', 'annotations.note'])
    expect(found?.patch).toEqual({
      metadata: {
        resourceVersion: '20',
        labels: { tier: null },
        annotations: { note: null, [APPLIED_ANNOTATION]: '{"labels":["app"],"annotations":[]}' },
      },
    })
    expect(difference(actual, desiredSecret())?.patch).toMatchObject({
      metadata: {
        labels: { app: null, tier: null },
        annotations: { note: null, [APPLIED_ANNOTATION]: null },
      },
    })
  })

  test.each(['not JSON', '[]', 'null', '{"labels":"app","annotations":[1]}'])(
    'a record of what was applied that says `%s` lets nothing be removed',
    (text) => {
      const actual = storedSecret(dressed, ({ metadata }) => {
        metadata.annotations = { ...metadata.annotations, [APPLIED_ANNOTATION]: text }
      })
      expect(appliedTo(actual)).toEqual({ labels: [], annotations: [], data: [] })
      expect(difference(actual, desiredSecret())?.changed).toEqual([])
      expect(difference(actual, dressed)?.changed).toEqual([])
    },
  )

  test('`__proto__` is a data key like any other', () => {
    const data = Object.fromEntries([['__proto__', 'YQ==']])
    const found = difference(storedSecret(desiredSecret({ data: {} })), desiredSecret({ data }))
    expect(JSON.stringify(found?.patch)).toBe(
      '{"metadata":{"resourceVersion":"20"},"data":{"__proto__":"YQ=="}}',
    )
    expect(difference(storedSecret(desiredSecret({ data })), desiredSecret({ data }))).toBeUndefined()
    expect(difference(storedSecret(desiredSecret({ data })), desiredSecret({ data: {} }))?.changed).toEqual([
      'data.__proto__',
    ])
  })

  test('no type, an empty one and Opaque are the same', () => {
    const untyped = storedSecret(desiredSecret(), (secret) => delete secret.type)
    expect(difference(untyped, desiredSecret())).toBeUndefined()
    expect(difference(storedSecret(), desiredSecret({ type: '' }))).toBeUndefined()
  })

  test('what the token controller writes is its own', () => {
    const desired = desiredSecret({ type: 'kubernetes.io/service-account-token', data: { extra: 'YQ==' } })
    const actual = storedSecret(desired, (secret) => {
      secret.data = { ...secret.data, token: 'eA==', 'ca.crt': 'eA==', namespace: 'eA==' }
    })
    expect(difference(actual, desired)).toBeUndefined()
    expect(difference(actual, { ...desired, data: {} })?.changed).toEqual(['data.extra'])
  })
})
