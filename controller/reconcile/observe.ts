import type { Code } from '../../shared/codes.ts'
import { SealError } from '../../shared/errors.ts'
import type { PrivateKeys } from '../../shared/format/unseal.ts'
import { unlessGone } from '../../shared/kube/errors.ts'
import type { Kube } from '../../shared/kube/port.ts'
import { SECRETS } from '../../shared/kube/resources.ts'
import { type DesiredSecret, openSealedSecret } from '../../shared/resource/desired.ts'
import { checkNamespace } from '../../shared/resource/reserved.ts'
import { FINALIZER, type SealedObject, type SecretEntry, type SecretObject } from '../objects.ts'
import { conditionOf } from './conditions.ts'
import type { Observed } from './decide.ts'
import { isSettled } from './settled.ts'

/** Where observations come from. */
export interface Sources {
  kube: Pick<Kube, 'get' | 'list'>
  /** The controller's own namespace. */
  namespace: string
  keys: () => PrivateKeys
  signal: AbortSignal
  /** Milliseconds from some start, for `opened`. */
  clock: () => number
  /** How long an opening took, and how it ended. */
  opened: (ms: number, result: Unsealed) => void
}

/** With values, with a refusal, or by a fault of ours. */
export type Unsealed = 'opened' | Code | 'error'

export type Opened =
  | Extract<Observed, { kind: 'refused' }>
  | { kind: 'opened'; object: SealedObject; desired: DesiredSecret }

/** What the caches alone can tell; undefined: more than that has to be looked at. */
export function observeCached(
  object: SealedObject | undefined,
  secret: SecretEntry | undefined,
): Extract<Observed, { kind: 'gone' | 'deleting' | 'settled' }> | undefined {
  if (!object) return { kind: 'gone' }
  const { deletionTimestamp, finalizers = [] } = object.metadata
  if (deletionTimestamp !== undefined)
    return finalizers.includes(FINALIZER) ? undefined : { kind: 'deleting', object, secret: undefined }
  return isSettled(object, secret) ? { kind: 'settled' } : undefined
}

/** Opens the object; a refusal is an observation, anything else that is thrown is a fault of ours. */
export async function observeOpened(object: SealedObject, sources: Sources): Promise<Opened> {
  const started = sources.clock()
  let result: Unsealed = 'error'
  try {
    checkNamespace({ namespace: object.metadata.namespace ?? '' }, sources.namespace)
    const desired = await openSealedSecret(object, sources.keys())
    result = 'opened'
    return { kind: 'opened', object, desired }
  } catch (error) {
    if (!(error instanceof SealError)) throw error
    result = error.code
    return { kind: 'refused', object, code: error.code, message: error.message }
  } finally {
    sources.opened(sources.clock() - started, result)
  }
}

/**
 * The Secret as it is. Only Secrets with our label are in the cache, so `undefined` there may also be a foreign one; the
 * usual case is that there is none, and then the POST finds out without a GET before it. Where a foreign one stood the
 * last time, though, each retry would be a refused write.
 */
export async function observeSecret(
  { metadata, status }: SealedObject,
  cached: SecretEntry | undefined,
  sources: Sources,
): Promise<SecretObject | undefined> {
  if (!cached && conditionOf(status, 'Ready')?.reason !== 'SecretNotOwned') return undefined
  return readSecret(metadata, sources)
}

/** With its managed fields, which tell who changed it. */
export function readSecret(
  { namespace = '', name }: SealedObject['metadata'],
  { kube, signal }: Sources,
): Promise<SecretObject | undefined> {
  return unlessGone(kube.get(SECRETS, { namespace, name }, { signal, managedFields: true }))
}
