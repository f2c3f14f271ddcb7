import type { KubeObject } from './objects.ts'

/** One write, as watchers see it. */
export interface StoreEvent {
  type: 'ADDED' | 'MODIFIED' | 'DELETED'
  revision: number
  object: KubeObject
  /** Before the write; undefined when it made the object. */
  previous: KubeObject | undefined
}

export interface History {
  add(collection: string, event: StoreEvent): void
  since(collection: string, revision: number): readonly StoreEvent[] | undefined
  oldest(): number
  compact(revision: number): void
}

/** The last `size` writes of each collection. */
export function createHistory(size: number): History {
  const events = new Map<string, StoreEvent[]>()
  const forgotten = new Map<string, number>()
  let compacted = 0

  function oldestOf(collection: string): number {
    return Math.max(compacted, forgotten.get(collection) ?? 0)
  }

  return {
    add(collection, event) {
      const kept = events.get(collection) ?? []
      kept.push(event)
      events.set(collection, kept)
      // In bulk, because taking away the first element moves all the others.
      if (kept.length > size * 2) {
        const [last] = kept.splice(0, kept.length - size).slice(-1)
        if (last !== undefined) forgotten.set(collection, last.revision)
      }
    },
    since(collection, revision) {
      if (revision < oldestOf(collection)) return undefined
      const kept = events.get(collection) ?? []
      let start = kept.length
      while (start > 0 && (kept[start - 1]?.revision ?? 0) > revision) start--
      return kept.slice(start)
    },
    oldest: () => compacted,
    compact(revision) {
      compacted = revision
      events.clear()
    },
  }
}
