import { docAt, listAt } from './json.ts'
import { cleanMetadata } from './metadata.ts'
import { type KubeObject, keyOf } from './objects.ts'
import type { Store } from './store.ts'

/** What keeps an owner until its dependents are gone, or let go. */
export const FOREGROUND = 'foregroundDeletion'
export const ORPHAN = 'orphan'

/**
 * Deletes an object; one that something holds is marked instead, and what is left comes back.
 * https://kubernetes.io/docs/concepts/overview/working-with-objects/finalizers/
 */
export function deleteOrMark(
  store: Store,
  collection: string,
  found: KubeObject,
  options: { at: string; finalizers?: string[]; dryRun?: boolean },
): KubeObject | undefined {
  const { at, finalizers = found.metadata.finalizers ?? [], dryRun = false } = options
  const held = finalizers.length > 0 || listAt(found, 'spec', 'finalizers').length > 0
  if (!held) {
    if (!dryRun) store.remove(collection, keyOf(found))
    return undefined
  }
  const already = found.metadata.deletionTimestamp !== undefined
  if (already && finalizers.length === (found.metadata.finalizers ?? []).length) return found
  const marked = markedForDeletion(found, finalizers, at)
  return dryRun ? marked : store.put(collection, marked)
}

function markedForDeletion(found: KubeObject, finalizers: string[], at: string): KubeObject {
  const { generation, deletionTimestamp = at } = found.metadata
  const isNamespace = found.kind === 'Namespace'
  const metadata = {
    ...found.metadata,
    deletionTimestamp,
    ...(isNamespace ? {} : { deletionGracePeriodSeconds: 0 }),
    ...(finalizers.length === 0 ? {} : { finalizers }),
    ...(generation === undefined ? {} : { generation: generation + 1 }),
  }
  if (!isNamespace) return { ...found, metadata }
  return { ...found, metadata, status: { ...docAt(found, 'status'), phase: 'Terminating' } }
}

/** Takes a finalizer away, and with the last one the object. */
export function dropFinalizer(store: Store, collection: string, found: KubeObject, finalizer: string): void {
  const finalizers = (found.metadata.finalizers ?? []).filter((one) => one !== finalizer)
  if (finalizers.length === 0 && found.metadata.deletionTimestamp !== undefined) {
    store.remove(collection, keyOf(found))
  } else {
    const { metadata } = cleanMetadata({ ...found.metadata, finalizers })
    store.put(collection, { ...found, metadata })
  }
}
