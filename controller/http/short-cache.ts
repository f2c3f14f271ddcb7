/** Answers that hold for a moment; of those who ask at the same time one does the asking. */
export interface ShortCache<T> {
  get(key: string, load: () => Promise<T>): Promise<T>
  /** What is known already, and still holds. */
  peek(key: string): T | undefined
}

interface Entry<T> {
  at: number
  promise: Promise<T>
  value?: T
}

/** `most` entries, the oldest of which go first. A failure is not kept. */
export function createShortCache<T>(holdsMs: number, most: number, clock: () => number): ShortCache<T> {
  const entries = new Map<string, Entry<T>>()

  const fresh = (key: string): Entry<T> | undefined => {
    const entry = entries.get(key)
    if (!entry || clock() - entry.at < holdsMs) return entry
    entries.delete(key)
    return undefined
  }

  return {
    peek: (key) => fresh(key)?.value,
    get(key, load) {
      const known = fresh(key)
      if (known) return known.promise
      const entry: Entry<T> = { at: clock(), promise: load() }
      entries.set(key, entry)
      const [oldest] = entries.size > most ? entries.keys() : []
      if (oldest !== undefined) entries.delete(oldest)
      entry.promise.then(
        (value) => {
          entry.value = value
        },
        () => {
          if (entries.get(key) === entry) entries.delete(key)
        },
      )
      return entry.promise
    },
  }
}
