import { createHistory, type StoreEvent } from './history.ts'
import { type KubeObject, keyOf } from './objects.ts'

/**
 * What etcd is to the real server: objects by collection and key, one counter of writes that gives every object its
 * resourceVersion, and the last writes for those who watch. Objects are never changed in place.
 */
export interface Store {
  /** The resourceVersion of the last write, of whatever object. */
  revision(): number
  get(collection: string, key: string): KubeObject | undefined
  /** In the order of lists. */
  all(collection: string): readonly KubeObject[]
  /** The collection as it was at that revision; undefined when its history is gone. */
  at(collection: string, revision: number): readonly KubeObject[] | undefined
  /** Creates or replaces; gives back what is stored, with its new resourceVersion. */
  put(collection: string, object: KubeObject): KubeObject
  /** Gives back what watchers are told: the last state (or the one given), with the resourceVersion of the removal. */
  remove(collection: string, key: string, last?: KubeObject): KubeObject | undefined
  /** What happened after that revision, oldest first; undefined when some of it is gone. */
  since(collection: string, revision: number): readonly StoreEvent[] | undefined
  /** The oldest revision that `since` and `at` still know. */
  oldest(): number
  /** Called after each write, within it. Returns the function that ends it. */
  subscribe(listener: (collection: string, event: StoreEvent) => void): () => void
  /** Forgets the history, as etcd's compaction does: older resourceVersions are too old from now on. */
  compact(): void
  collections(): Iterable<string>
}

interface Collection {
  objects: Map<string, KubeObject>
  sorted: readonly KubeObject[] | undefined
}

export function createStore(historySize: number): Store {
  const collections = new Map<string, Collection>()
  const listeners = new Set<(collection: string, event: StoreEvent) => void>()
  const history = createHistory(historySize)
  // A new etcd has counted a few writes of its own before the first object comes.
  let revision = 1

  function collectionOf(name: string): Collection {
    const known = collections.get(name)
    if (known !== undefined) return known
    const made: Collection = { objects: new Map(), sorted: undefined }
    collections.set(name, made)
    return made
  }

  function tell(name: string, event: StoreEvent): void {
    history.add(name, event)
    for (const listener of [...listeners]) listener(name, event)
  }

  function sorted(name: string): readonly KubeObject[] {
    const collection = collectionOf(name)
    collection.sorted ??= [...collection.objects]
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([, object]) => object)
    return collection.sorted
  }

  function stamped(object: KubeObject): KubeObject {
    revision++
    return { ...object, metadata: { ...object.metadata, resourceVersion: String(revision) } }
  }

  return {
    revision: () => revision,
    get: (name, key) => collections.get(name)?.objects.get(key),
    all: sorted,
    at(name, wanted) {
      const events = history.since(name, wanted)
      if (events === undefined) return undefined
      if (events.length === 0) return sorted(name)
      const objects = new Map(collectionOf(name).objects)
      for (const { object, previous } of [...events].reverse()) {
        if (previous === undefined) objects.delete(keyOf(object))
        else objects.set(keyOf(object), previous)
      }
      return [...objects].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, object]) => object)
    },
    put(name, object) {
      const collection = collectionOf(name)
      const key = keyOf(object)
      const previous = collection.objects.get(key)
      const stored = stamped(object)
      collection.objects.set(key, stored)
      collection.sorted = undefined
      const type = previous === undefined ? 'ADDED' : 'MODIFIED'
      tell(name, { type, revision, object: stored, previous })
      return stored
    },
    remove(name, key, last) {
      const collection = collectionOf(name)
      const previous = collection.objects.get(key)
      if (previous === undefined) return undefined
      collection.objects.delete(key)
      collection.sorted = undefined
      const object = stamped(last ?? previous)
      tell(name, { type: 'DELETED', revision, object, previous })
      return object
    },
    since: history.since,
    oldest: history.oldest,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    compact: () => history.compact(revision),
    collections: () => collections.keys(),
  }
}
