import { isAlreadyExists, isConflict, isNotFound } from '../../shared/kube/errors.ts'
import type { ObjectId } from '../../shared/kube/port.ts'
import { SEALED_SECRETS, SECRETS } from '../../shared/kube/resources.ts'
import {
  keyOf,
  type SealedObject,
  type SecretObject,
  type SecretRef,
  type Status,
  secretEntry,
  secretRef,
} from '../objects.ts'
import { sealedEntry } from './brief.ts'
import { sameStatus, statusFor } from './conditions.ts'
import type { Plan } from './decide.ts'
import { writeFinalizers } from './finalizers.ts'
import { type Acted, idOf, type Targets } from './targets.ts'

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
  const expectation = sealed.expect(keyOf(object.metadata))
  try {
    // On this version alone, and not on an object that was made anew. After a conflict the watch brings it as it is now.
    const { metadata } = await kube.replaceStatus(SEALED_SECRETS, { ...object, status }, { signal })
    expectation.wrote(sealedEntry({ ...object, metadata, status }))
    return status
  } catch (error) {
    if (isNotFound(error) || isConflict(error)) return undefined
    throw error
  } finally {
    expectation.end()
  }
}
