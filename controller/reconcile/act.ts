import { isAlreadyExists, isConflict, isNotFound } from '../../shared/kube/errors.ts'
import type { Kube, ObjectId } from '../../shared/kube/port.ts'
import { SEALED_SECRETS, SECRETS } from '../../shared/kube/resources.ts'
import type { Cache } from '../cache.ts'
import {
  keyOf,
  type SealedObject,
  type SecretEntry,
  type SecretObject,
  type SecretRef,
  type Status,
  secretEntry,
  secretRef,
} from '../objects.ts'
import { sameStatus, statusFor } from './conditions.ts'
import type { Plan } from './decide.ts'

/** Where actions go. The caches are told at once, because the watch brings our own writes back later. */
export interface Targets {
  kube: Pick<Kube, 'create' | 'mergePatch' | 'delete'>
  sealed: Cache<SealedEntry>
  secrets: Cache<SecretEntry>
  signal: AbortSignal
}

/** A SealedSecret as the cache keeps it. */
export interface SealedEntry {
  object: SealedObject
  resourceVersion: string
}

export const sealedEntry = (object: SealedObject): SealedEntry => ({
  object,
  resourceVersion: object.metadata.resourceVersion ?? '',
})

/**
 * `stale`: the Secret is no longer what was observed, so look and decide again. `behind`: the object is newer than ours.
 * `more`: done, and the object, as it is now, takes another look.
 */
export type Acted =
  | { kind: 'stale' }
  | { kind: 'behind' }
  | { kind: 'more'; object: SealedObject }
  | { kind: 'done'; status: Status | undefined }

/** Carries out a plan: the Secret first, then at most one write of the status, which records the Secret's version. */
export async function act(plan: Plan, object: SealedObject, targets: Targets, now: string): Promise<Acted> {
  switch (plan.act) {
    case 'nothing':
      return { kind: 'done', status: undefined }
    case 'report':
      return { kind: 'done', status: await writeStatus(object, plan.status, targets) }
    case 'finalizers':
      return writeFinalizers(plan, object, targets)
    default: {
      const secret = await writeSecret(plan, object, targets)
      if (!secret) return { kind: 'stale' }
      if (plan.act === 'patch' && plan.more) return { kind: 'more', object }
      const status = statusFor(
        { kind: 'synced', secret },
        object.metadata.generation ?? 0,
        object.status,
        now,
      )
      return { kind: 'done', status: await writeStatus(object, status, targets) }
    }
  }
}

type SecretPlan = Extract<Plan, { act: 'create' | 'patch' | 'replace' }>

/** Undefined if the Secret has changed, gone or appeared in the meantime. */
async function writeSecret(
  plan: SecretPlan,
  { metadata }: SealedObject,
  { kube, secrets, signal }: Targets,
): Promise<SecretRef | undefined> {
  const expectation = secrets.expect(keyOf(metadata))
  try {
    const written = await send(plan, idOf(metadata), kube, signal)
    expectation.wrote(secretEntry(written))
    return secretRef(written)
  } catch (error) {
    if (isAlreadyExists(error) || isConflict(error) || (plan.act !== 'create' && isNotFound(error)))
      return undefined
    throw error
  } finally {
    expectation.end()
  }
}

async function send(
  plan: SecretPlan,
  id: ObjectId,
  kube: Targets['kube'],
  signal: AbortSignal,
): Promise<SecretObject> {
  if (plan.act === 'patch') return kube.mergePatch<SecretObject>(SECRETS, id, plan.patch, { signal })
  // Only the very Secret that was looked at: whoever changed it since may have made it theirs.
  if (plan.act === 'replace') await kube.delete(SECRETS, id, { ...plan.old, signal })
  return kube.create(SECRETS, plan.secret, { signal })
}

/** Gives the status that was written; undefined if there was nothing to write, or nothing to write it on. */
export async function writeStatus(
  object: SealedObject,
  status: Status,
  { kube, sealed, signal }: Targets,
): Promise<Status | undefined> {
  if (sameStatus(object.status, status)) return undefined
  const { metadata } = object
  const expectation = sealed.expect(keyOf(metadata))
  // An object that was deleted and made anew must not get its predecessor's status. A uid in the patch would not prevent
  // it: the server ignores that for this subresource. After a conflict the watch brings the object as it is now.
  const patch = { metadata: { resourceVersion: metadata.resourceVersion }, status }
  try {
    const options = { subresource: 'status', signal } as const
    const written = await kube.mergePatch<SealedObject>(SEALED_SECRETS, idOf(metadata), patch, options)
    expectation.wrote(sealedEntry(written))
    return status
  } catch (error) {
    if (isNotFound(error) || isConflict(error)) return undefined
    throw error
  } finally {
    expectation.end()
  }
}

async function writeFinalizers(
  { finalizers, more }: Extract<Plan, { act: 'finalizers' }>,
  { metadata }: SealedObject,
  { kube, sealed, signal }: Targets,
): Promise<Acted> {
  const { resourceVersion } = metadata
  const patch = { metadata: { resourceVersion, finalizers: finalizers.length > 0 ? finalizers : null } }
  const expectation = sealed.expect(keyOf(metadata))
  try {
    const object = await kube.mergePatch<SealedObject>(SEALED_SECRETS, idOf(metadata), patch, { signal })
    // Without its last finalizer it is gone, and the watch tells that.
    if (!more) return { kind: 'done', status: undefined }
    expectation.wrote(sealedEntry(object))
    return { kind: 'more', object }
  } catch (error) {
    if (isNotFound(error)) return { kind: 'done', status: undefined }
    if (isConflict(error)) return { kind: 'behind' }
    throw error
  } finally {
    expectation.end()
  }
}

const idOf = ({ namespace = '', name }: SealedObject['metadata']): ObjectId => ({ namespace, name })
