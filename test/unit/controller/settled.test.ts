import { expect, test } from 'vitest'
import { statusFor } from '../../../controller/reconcile/conditions.ts'
import { isSettled } from '../../../controller/reconcile/settled.ts'
import { OWNER_UID, SECRET_REF, sealedObject, syncedStatus, THEN } from './builders.ts'

const ours = { ...SECRET_REF, owner: OWNER_UID, shared: false }
const unowned = { ...SECRET_REF, shared: false }
const shared = { ...SECRET_REF, shared: true }
const edited = { ...ours, resourceVersion: '21' }
const skips = sealedObject(syncedStatus(), { annotations: { 'waxwing.dev/skip-owner-reference': 'true' } })
const ignores = (status = syncedStatus()) =>
  sealedObject(status, { annotations: { 'waxwing.dev/drift': 'ignore' } })
const other = { ...ours, uid: 'another', resourceVersion: '20' }
const refused = statusFor({ kind: 'stalled', reason: 'Moved', message: 'm' }, 2, syncedStatus(), THEN)

test.each([
  ['all agrees', sealedObject(syncedStatus()), ours, true],
  ['no status', sealedObject(), ours, false],
  ['the default status', sealedObject({ observedGeneration: -1 }), ours, false],
  ['a newer generation', sealedObject(syncedStatus(1)), ours, false],
  ['not ready', sealedObject(refused), ours, false],
  ['no Secret', sealedObject(syncedStatus()), undefined, false],
  ['another Secret', sealedObject(syncedStatus()), other, false],
  ['another version', sealedObject(syncedStatus()), edited, false],
  ['without its owner reference', sealedObject(syncedStatus()), unowned, false],
  ['without one, and it shall have none', skips, unowned, true],
  ['with one, and it shall have none', skips, ours, false],
  ["another's, open to our keys", sealedObject(syncedStatus()), shared, true],
  ['another version, and drift is ignored', ignores(), edited, true],
  ['another Secret, and drift is ignored', ignores(), other, false],
  ['no Secret, and drift is ignored', ignores(), undefined, false],
  ['a newer generation, and drift is ignored', ignores(syncedStatus(1)), edited, false],
])('%s', (_what, object, secret, expected) => {
  expect(isSettled(object, secret)).toBe(expected)
})
