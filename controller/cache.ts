import type { Change } from '../shared/kube/reflector.ts'
import { keyOf } from './objects.ts'

/** What a cache needs of its entries. Versions are compared for equality only: their order is the server's secret. */
export interface Versioned {
  resourceVersion: string
}

type AnyChange = Change<{ metadata: { name: string; namespace?: string } }>

/** The last state of a collection as its watch told it, or as our own write left it while the watch is behind. */
export interface Cache<T extends Versioned> {
  get(key: string): T | undefined
  /**
   * Takes a change, with the entry to keep of an upsert; gives the keys to look at again. `namespace` is the one whose
   * watch the change comes from, absent when one watch sees all.
   */
  apply(change: AnyChange, entry?: T, namespace?: string): string[]
  /** To be called before a write of ours to `key`, one at a time per key. */
  expect(key: string): Expectation<T>
  size(): number
}

interface Expectation<T> {
  /** What the server answered. */
  wrote(entry: T): void
  /** The write failed, or all is told. */
  end(): void
}

/** What entries hold that can be had again at a price: it is kept while there is room. */
export interface Ballast<T> {
  weigh(entry: T): number
  without(entry: T): T
  /** Of all entries together, as `weigh` has it. */
  most: number
}

export function createCache<T extends Versioned>(ballast?: Ballast<T>): Cache<T> {
  const seen = new Map<string, T>()
  let weight = 0
  /** Our writes that the watch has not brought back yet; `sure`: of what the list under way had shown by then. */
  const written = new Map<string, { entry: T; sure: boolean }>()
  /** By namespace, what its list has shown so far. */
  const listing = new Map<string | undefined, Set<string>>()
  /** Versions that the watch had shown by the time of our write's answer: the event may overtake the answer. */
  const shown = new Map<string, Set<string>>()

  /** Nothing, when it is gone. */
  function hold(key: string, entry: T | undefined): void {
    const old = seen.get(key)
    if (old && ballast) weight -= ballast.weigh(old)
    if (entry) seen.set(key, load(entry))
    else seen.delete(key)
  }

  function load(entry: T): T {
    if (!ballast) return entry
    const more = ballast.weigh(entry)
    if (weight + more > ballast.most) return ballast.without(entry)
    weight += more
    return entry
  }

  const writtenIn = (namespace: string | undefined) =>
    [...written].filter(([key]) => namespace === undefined || key.startsWith(`${namespace}/`))

  function beginList(namespace: string | undefined): void {
    listing.set(namespace, new Set())
    for (const [, write] of writtenIn(namespace)) write.sure = false
  }

  /**
   * After a list, writes that it did not show are either undone or still to come as events: look again. A write of what the list
   * had shown before is later than the list, so its event is sure to come.
   */
  function endList(namespace: string | undefined): string[] {
    listing.delete(namespace)
    const keys = writtenIn(namespace).flatMap(([key, { sure }]) => (sure ? [] : [key]))
    for (const key of keys) written.delete(key)
    return keys
  }

  return {
    get: (key) => written.get(key)?.entry ?? seen.get(key),
    apply(change, entry, namespace) {
      if (change.type === 'synced') return endList(namespace)
      if (change.type === 'listing') {
        beginList(namespace)
        return []
      }
      const key = keyOf(change.type === 'delete' ? change.id : change.object.metadata)
      if (change.type === 'delete') hold(key, undefined)
      else if (entry !== undefined) {
        hold(key, entry)
        listing.get(namespace)?.add(key)
        shown.get(key)?.add(entry.resourceVersion)
        if (written.get(key)?.entry.resourceVersion === entry.resourceVersion) written.delete(key)
      }
      return [key]
    },
    expect(key) {
      const versions = new Set([seen.get(key)?.resourceVersion ?? ''])
      shown.set(key, versions)
      const sure = [...listing.values()].some((keys) => keys.has(key))
      return {
        wrote(entry) {
          if (!versions.has(entry.resourceVersion)) written.set(key, { entry, sure })
        },
        end() {
          shown.delete(key)
        },
      }
    },
    size: () => seen.size,
  }
}
