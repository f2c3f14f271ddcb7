import type { Kube, ObjectMeta } from '../../shared/kube/port.ts'
import { SEALED_SECRETS } from '../../shared/kube/resources.ts'
import type { Ballast } from '../cache.ts'
import { DRIFT_ANNOTATION, type SealedObject, SKIP_OWNER_ANNOTATION, type Status } from '../objects.ts'
import { conditionOf, wasReady } from './conditions.ts'

/**
 * A SealedSecret as the cache keeps it. There may be tens of thousands, nearly all of them settled, so `brief` has what
 * it takes to see that, and not the rest.
 */
export interface SealedEntry {
  resourceVersion: string
  /** Without its spec, and of metadata and status only what is asked for before the object is opened. */
  brief: SealedObject
  /** The whole as JSON, of one that is likely to be opened. */
  text?: string
}

/** The whole of a larger object is read again when its turn comes: an extra request, but no bound on memory is lost. */
const MAX_TEXT = 4096
/** However many wait at once. */
export const TEXTS: Ballast<SealedEntry> = {
  weigh: ({ text }) => text?.length ?? 0,
  without: ({ text: _, ...entry }) => entry,
  most: 20 * 1024 * 1024,
}
/** What `kubectl apply` leaves: the object a second time. */
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration'

export function sealedEntry(object: SealedObject): SealedEntry {
  const { metadata, status } = object
  const resourceVersion = metadata.resourceVersion ?? ''
  const ready = wasReady(object)
  const brief = {
    metadata: briefMetadata(metadata),
    ...(status && { status: ready ? readyAlone(status) : status }),
  }
  const text = ready || object.spec === undefined ? undefined : textOf(object)
  return { resourceVersion, brief, ...(text !== undefined && { text }) }
}

function briefMetadata(metadata: ObjectMeta): ObjectMeta {
  const { name, namespace, uid, resourceVersion, generation, deletionTimestamp, finalizers } = metadata
  const annotations = briefAnnotations(metadata.annotations)
  return {
    name,
    ...(namespace !== undefined && { namespace }),
    ...(uid !== undefined && { uid }),
    ...(resourceVersion !== undefined && { resourceVersion }),
    ...(generation !== undefined && { generation }),
    ...(deletionTimestamp !== undefined && { deletionTimestamp }),
    ...(finalizers && { finalizers }),
    ...(annotations && { annotations }),
  }
}

function briefAnnotations(annotations: Record<string, string> = {}): Record<string, string> | undefined {
  const ours = [SKIP_OWNER_ANNOTATION, DRIFT_ANNOTATION].flatMap((name) => {
    const value = annotations[name]
    return value === undefined ? [] : [[name, value] as const]
  })
  return ours.length > 0 ? Object.fromEntries(ours) : undefined
}

/** A failure to come changes all conditions of a Ready object, so it needs the times of none. */
function readyAlone({ observedGeneration, conditions, secret }: Status): Status {
  const ready = conditionOf({ conditions: conditions ?? [] }, 'Ready')
  return {
    ...(observedGeneration !== undefined && { observedGeneration }),
    ...(ready && { conditions: [ready] }),
    ...(secret && { secret }),
  }
}

function textOf(object: SealedObject): string | undefined {
  const { annotations } = object.metadata
  const small = annotations?.[LAST_APPLIED] === undefined ? object : withoutLastApplied(object)
  const text = JSON.stringify(small)
  return text.length <= MAX_TEXT ? text : undefined
}

function withoutLastApplied(object: SealedObject): SealedObject {
  const { [LAST_APPLIED]: _, ...annotations } = object.metadata.annotations ?? {}
  return { ...object, metadata: { ...object.metadata, annotations } }
}

/**
 * The whole object, perhaps newer than the cache has it; undefined if it is gone. Read as a list of one, which needs no
 * right beyond those of the watch.
 */
export async function wholeOf(
  { brief, text }: SealedEntry,
  { kube, signal }: { kube: Pick<Kube, 'list'>; signal: AbortSignal },
): Promise<SealedObject | undefined> {
  if (text !== undefined) return JSON.parse(text)
  const { namespace = '', name } = brief.metadata
  const selection = { namespace, fieldSelector: `metadata.name=${name}` }
  const { items } = await kube.list<SealedObject>(SEALED_SECRETS, selection, { signal })
  return items[0]
}
