import { deleteOrMark, dropFinalizer, FOREGROUND, ORPHAN } from '../deletion.ts'
import type { StoreEvent } from '../history.ts'
import { cleanMetadata } from '../metadata.ts'
import { type KubeObject, keyOf, type OwnerReference } from '../objects.ts'
import type { Store } from '../store.ts'

/**
 * The garbage collector: what is owned goes when its last owner is gone.
 * https://kubernetes.io/docs/concepts/architecture/garbage-collection/
 */
export interface Garbage {
  /** Takes note of a write. */
  notice(collection: string, event: StoreEvent): void
  /** Does what the writes since the last time call for. */
  sweep(at: string): void
}

interface Place {
  collection: string
  key: string
}

export function createGarbage(store: Store): Garbage {
  const alive = new Map<string, KubeObject>()
  const dependents = new Map<string, Map<string, Place>>()
  const suspects = new Map<string, Place>()
  /** Owners that stay until their dependents are gone, by uid; and those of them to look at again. */
  const held = new Map<string, Place>()
  const leaving = new Map<string, Place>()

  function link(
    { collection, key }: Place,
    references: readonly OwnerReference[] = [],
    linked: boolean,
  ): void {
    const id = `${collection}\0${key}`
    for (const { uid } of references) {
      const known = dependents.get(uid) ?? new Map<string, Place>()
      if (linked) known.set(id, { collection, key })
      else known.delete(id)
      if (known.size === 0) dependents.delete(uid)
      else dependents.set(uid, known)
    }
  }

  function suspect(uid: string): void {
    for (const [id, place] of dependents.get(uid) ?? []) suspects.set(id, place)
  }

  function isAlive({ uid }: OwnerReference, dependent: KubeObject): boolean {
    const owner = alive.get(uid)
    // An owner in another namespace does not count: owners are looked for beside the dependent, or above it.
    return owner !== undefined && [undefined, dependent.metadata.namespace].includes(owner.metadata.namespace)
  }

  function collect({ collection, key }: Place, at: string): void {
    const object = store.get(collection, key)
    const references = object?.metadata.ownerReferences ?? []
    if (object === undefined || references.length === 0) return
    const owners = references.filter((reference) => isAlive(reference, object))
    const waiting = owners.some(({ uid }) => alive.get(uid)?.metadata.finalizers?.includes(FOREGROUND))
    if (owners.length === 0 || (waiting && owners.length === 1)) {
      deleteOrMark(store, collection, object, { at })
    } else if (owners.length < references.length) {
      store.put(collection, { ...object, metadata: { ...object.metadata, ownerReferences: owners } })
    }
  }

  /** An owner that is only gone when its dependents are, or when they have been let go. */
  function release({ collection, key }: Place): void {
    const owner = store.get(collection, key)
    if (owner?.metadata.deletionTimestamp === undefined) return
    const { uid = '', finalizers = [] } = owner.metadata
    const places = [...(dependents.get(uid)?.values() ?? [])]
    if (finalizers.includes(ORPHAN)) {
      for (const place of places) {
        const object = store.get(place.collection, place.key)
        if (object === undefined) continue
        const ownerReferences = (object.metadata.ownerReferences ?? []).filter((one) => one.uid !== uid)
        const { metadata } = cleanMetadata({ ...object.metadata, ownerReferences })
        store.put(place.collection, { ...object, metadata })
      }
      dropFinalizer(store, collection, owner, ORPHAN)
    } else if (finalizers.includes(FOREGROUND)) {
      const blocking = places.some((place) =>
        store
          .get(place.collection, place.key)
          ?.metadata.ownerReferences?.some((one) => one.uid === uid && one.blockOwnerDeletion === true),
      )
      if (!blocking) dropFinalizer(store, collection, owner, FOREGROUND)
    }
  }

  return {
    notice(collection, { type, object, previous }) {
      const { uid = '', ownerReferences, deletionTimestamp, finalizers = [] } = object.metadata
      const place = { collection, key: keyOf(object) }
      const id = `${collection}\0${place.key}`
      link(place, previous?.metadata.ownerReferences, false)
      if (type === 'DELETED') {
        alive.delete(uid)
        suspect(uid)
        held.delete(uid)
        for (const reference of ownerReferences ?? []) {
          const owner = held.get(reference.uid)
          if (owner !== undefined) leaving.set(reference.uid, owner)
        }
        return
      }
      alive.set(uid, object)
      link(place, ownerReferences, true)
      if (ownerReferences !== undefined) suspects.set(id, place)
      if (
        deletionTimestamp !== undefined &&
        (finalizers.includes(FOREGROUND) || finalizers.includes(ORPHAN))
      ) {
        held.set(uid, place)
        leaving.set(uid, place)
        if (finalizers.includes(FOREGROUND)) suspect(uid)
      }
    },
    sweep(at) {
      const checked = [...suspects.values()]
      suspects.clear()
      for (const place of checked) collect(place, at)
      const owners = [...leaving.values()]
      leaving.clear()
      for (const place of owners) release(place)
    },
  }
}
