import { expect, test } from 'vitest'
import { statusFor } from '../../../controller/reconcile/conditions.ts'
import { isSettled } from '../../../controller/reconcile/settled.ts'
import { SECRET_REF, sealedObject, syncedStatus, THEN } from './builders.ts'

const other = { uid: 'another', resourceVersion: '20' }
const refused = statusFor({ kind: 'stalled', reason: 'Moved', message: 'm' }, 2, syncedStatus(), THEN)

test.each([
  ['all agrees', sealedObject(syncedStatus()), SECRET_REF, true],
  ['no status', sealedObject(), SECRET_REF, false],
  ['the default status', sealedObject({ observedGeneration: -1 }), SECRET_REF, false],
  ['a newer generation', sealedObject(syncedStatus(1)), SECRET_REF, false],
  ['not ready', sealedObject(refused), SECRET_REF, false],
  ['no Secret', sealedObject(syncedStatus()), undefined, false],
  ['another Secret', sealedObject(syncedStatus()), other, false],
  ['another version', sealedObject(syncedStatus()), { ...SECRET_REF, resourceVersion: '21' }, false],
])('%s', (_what, object, secret, expected) => {
  expect(isSettled(object, secret)).toBe(expected)
})
