import type { Code } from '../../shared/codes.ts'
import type { MergePatch } from '../../shared/kube/port.ts'
import type { DesiredSecret } from '../../shared/resource/desired.ts'
import { type SealedObject, type SecretObject, type SecretRef, type Status, secretRef } from '../objects.ts'
import { type Outcome, sameStatus, statusFor } from './conditions.ts'
import { difference } from './difference.ts'
import { ownership, secretObject } from './owned.ts'
import { refusal } from './refusal.ts'

/** What is: all that a decision rests on. */
export type Observed =
  | { kind: 'gone' }
  | { kind: 'deleting' }
  | { kind: 'settled' }
  | { kind: 'refused'; object: SealedObject; code: Code; message: string }
  /** `secret` undefined: there is none. */
  | { kind: 'opened'; object: SealedObject; desired: DesiredSecret; secret: SecretObject | undefined }

/** Names the row, for logs, metrics and the documentation. */
type Row =
  | 'gone'
  | 'deleting'
  | 'settled'
  | Code
  | 'absent'
  | 'equal'
  | 'differs'
  | 'unchangeable'
  | 'being-deleted'
  | 'former'
  | 'foreign'

/** What to do. After a write to the Secret the object is synced with the version that the server answers. */
export type Plan = { row: Row } & (
  | { act: 'nothing'; retry: boolean }
  | { act: 'report'; status: Status; retry: boolean }
  | { act: 'create'; secret: SecretObject }
  | { act: 'patch'; patch: MergePatch; changed: readonly string[] }
  | { act: 'replace'; old: SecretRef; secret: SecretObject; changed: readonly string[] }
)

/** The whole of the controller's judgement: no request, no clock, no key. `now` is RFC 3339. */
export function decide(observed: Observed, now: string): Plan {
  switch (observed.kind) {
    case 'gone':
    case 'deleting':
      // The garbage collector takes the Secret by its owner reference.
      return { row: observed.kind, act: 'nothing', retry: false }
    case 'settled':
      return { row: 'settled', act: 'nothing', retry: false }
    case 'refused': {
      // Whatever Secret there is stays as it is: the last good one serves until the object is right again.
      const { object, code, message } = observed
      return report(code, object, refusal(code, message), now, false)
    }
    case 'opened':
      return decideOpened(observed.object, observed.desired, observed.secret, now)
  }
}

function decideOpened(
  object: SealedObject,
  desired: DesiredSecret,
  secret: SecretObject | undefined,
  now: string,
): Plan {
  const { metadata: owner } = object
  if (!secret) return { row: 'absent', act: 'create', secret: secretObject(desired, owner) }
  switch (ownership(secret, owner)) {
    case 'foreign':
      // Nothing tells us when it goes: its changes are not watched.
      return report('foreign', object, FOREIGN, now, true)
    case 'former':
      return report('former', object, FORMER, now, true)
    case 'ours':
      break
  }
  if (secret.metadata.deletionTimestamp !== undefined)
    return report('being-deleted', object, BEING_DELETED, now, true)
  const found = difference(secret, desired)
  if (!found) return report('equal', object, { kind: 'synced', secret: secretRef(secret) }, now, false)
  const { changed, patch } = found
  if (!found.needsReplacing) return { row: 'differs', act: 'patch', patch, changed }
  const old = secretRef(secret)
  return { row: 'unchangeable', act: 'replace', old, secret: secretObject(desired, owner), changed }
}

function report(row: Row, object: SealedObject, outcome: Outcome, now: string, retry: boolean): Plan {
  const status = statusFor(outcome, object.metadata.generation ?? 0, object.status, now)
  return sameStatus(object.status, status)
    ? { row, act: 'nothing', retry }
    : { row, act: 'report', status, retry }
}

const FOREIGN: Outcome = {
  kind: 'stalled',
  reason: 'SecretNotOwned',
  message: 'A Secret of this name exists and is not ours. Delete or rename it, or rename this object.',
}
const FORMER: Outcome = {
  kind: 'retrying',
  reason: 'SecretOfFormerObject',
  message:
    'The Secret belongs to a deleted object of this name; the garbage collector is about to remove it.',
}
const BEING_DELETED: Outcome = {
  kind: 'retrying',
  reason: 'SecretBeingDeleted',
  message: 'The Secret is being deleted; it is made anew when it is gone.',
}
