import type { Code } from '../../shared/codes.ts'
import type { MergePatch } from '../../shared/kube/port.ts'
import type { DesiredSecret } from '../../shared/resource/desired.ts'
import {
  FINALIZER,
  type SealedObject,
  type SecretObject,
  type SecretRef,
  type Status,
  secretRef,
} from '../objects.ts'
import { type Outcome, sameStatus, statusFor } from './conditions.ts'
import { type Difference, difference } from './difference.ts'
import { BEING_DELETED, FOREIGN, FORMER, FROZEN } from './outcomes.ts'
import { secretObject } from './owned.ts'
import { ownership } from './ownership.ts'
import { refusal } from './refusal.ts'
import { toleratesDrift } from './settled.ts'
import { farewell, sharedDifference } from './shared-secret.ts'

/** What is: all that a decision rests on. */
export type Observed =
  | { kind: 'gone' }
  /** `refused`: the Secret could not be freed of our keys, time and again. */
  | { kind: 'deleting'; object: SealedObject; secret: SecretObject | undefined; refused?: boolean }
  /** The server makes nothing more in this namespace. */
  | { kind: 'terminating' }
  | { kind: 'settled' }
  | { kind: 'refused'; object: SealedObject; code: Code; message: string }
  /** `secret` undefined: there is none. */
  | { kind: 'opened'; object: SealedObject; desired: DesiredSecret; secret: SecretObject | undefined }

/** Names the row, for logs, metrics and the documentation. */
type Row =
  | 'gone'
  | 'deleting'
  | 'unpatch'
  | 'released'
  | 'given-up'
  | 'namespace-terminating'
  | 'settled'
  | Code
  | 'absent'
  | 'equal'
  | 'differs'
  | 'unchangeable'
  | 'ignored'
  | 'adopt'
  | 'unheld'
  | 'shared-equal'
  | 'shared-differs'
  | 'frozen'
  | 'being-deleted'
  | 'former'
  | 'foreign'

/** What to do. After a write to the Secret the object is synced with the version that the server answers. */
export type Plan = { row: Row } & (
  | { act: 'nothing'; retry: boolean }
  | { act: 'report'; status: Status; retry: boolean }
  | { act: 'create'; secret: SecretObject }
  /** `more`: it takes another look afterwards. */
  | { act: 'patch'; patch: MergePatch; changed: readonly string[]; more: boolean }
  | { act: 'replace'; old: SecretRef; secret: SecretObject; changed: readonly string[] }
  /** The finalizers that the object shall have; another look follows where some are left. */
  | { act: 'finalizers'; finalizers: string[]; more: boolean }
)

/** The whole of the controller's judgement: no request, no clock, no key. `now` is RFC 3339. */
export function decide(observed: Observed, now: string): Plan {
  switch (observed.kind) {
    case 'gone':
    case 'settled':
      return { row: observed.kind, act: 'nothing', retry: false }
    case 'terminating':
      return { row: 'namespace-terminating', act: 'nothing', retry: false }
    case 'deleting':
      return decideDeleting(observed)
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
  const whose = ownership(secret, owner)
  // Nothing tells us when a foreign one goes: its changes are not watched.
  if (whose === 'foreign') return report('foreign', object, FOREIGN, now, true)
  if (whose === 'former') return report('former', object, FORMER, now, true)
  if (secret.metadata.deletionTimestamp !== undefined)
    return report('being-deleted', object, BEING_DELETED, now, true)
  if (whose === 'shared') return decideShared(object, desired, secret, now)
  const found = difference(secret, desired, owner)
  if (!found) return report('equal', object, { kind: 'synced', secret: secretRef(secret) }, now, false)
  if (whose === 'adoptable') return adopt(found)
  if (toleratesDrift(object, secretRef(secret))) return { row: 'ignored', act: 'nothing', retry: false }
  const { changed, patch, needsReplacing } = found
  if (!needsReplacing) return { row: 'differs', act: 'patch', patch, changed, more: false }
  const old = secretRef(secret)
  return { row: 'unchangeable', act: 'replace', old, secret: secretObject(desired, owner), changed }
}

/** Where the Secret has to be replaced it becomes ours first, since we delete nothing else. */
function adopt({ changed, patch, needsReplacing }: Difference): Plan {
  const now = needsReplacing ? { metadata: patch.metadata } : patch
  return { row: 'adopt', act: 'patch', patch: now, changed, more: needsReplacing }
}

function decideShared(object: SealedObject, desired: DesiredSecret, secret: SecretObject, now: string): Plan {
  const { finalizers = [] } = object.metadata
  // Before the first of our keys is in it, or a deletion in between would leave it there.
  if (!finalizers.includes(FINALIZER))
    return { row: 'unheld', act: 'finalizers', finalizers: [...finalizers, FINALIZER], more: true }
  const found = sharedDifference(secret, desired)
  if (!found) return report('shared-equal', object, { kind: 'synced', secret: secretRef(secret) }, now, false)
  if (toleratesDrift(object, secretRef(secret))) return { row: 'ignored', act: 'nothing', retry: false }
  if (found.needsReplacing) return report('frozen', object, FROZEN, now, true)
  return { row: 'shared-differs', act: 'patch', patch: found.patch, changed: found.changed, more: false }
}

/** The garbage collector takes a Secret of ours by its owner reference; out of another's we take our keys. */
function decideDeleting({ object, secret, refused }: Extract<Observed, { kind: 'deleting' }>): Plan {
  const { finalizers = [] } = object.metadata
  if (!finalizers.includes(FINALIZER)) return { row: 'deleting', act: 'nothing', retry: false }
  const rest = finalizers.filter((finalizer) => finalizer !== FINALIZER)
  const release = { act: 'finalizers', finalizers: rest, more: false } as const
  if (refused) return { row: 'given-up', ...release }
  const found = secret && ownership(secret, object.metadata) === 'shared' ? farewell(secret) : undefined
  if (!found || found.needsReplacing || secret?.metadata.deletionTimestamp !== undefined)
    return { row: 'released', ...release }
  return { row: 'unpatch', act: 'patch', patch: found.patch, changed: found.changed, more: true }
}

function report(row: Row, object: SealedObject, outcome: Outcome, now: string, retry: boolean): Plan {
  const status = statusFor(outcome, object.metadata.generation ?? 0, object.status, now)
  return sameStatus(object.status, status)
    ? { row, act: 'nothing', retry }
    : { row, act: 'report', status, retry }
}
