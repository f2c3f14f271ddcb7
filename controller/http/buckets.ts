/** A rate limit by key: so much at once, and so much a second after that. */
export interface Buckets {
  /** Takes one, unless nothing is left: then how long to wait, in milliseconds. 0: it was taken. */
  take(key: string): number
  /** Takes also what is not there: it has to be waited for by whoever comes next. */
  charge(key: string, cost: number): void
  /** As `take`, and takes nothing. */
  wait(key: string): number
}

export interface BucketTerms {
  burst: number
  perSecond: number
  /** Keys that are remembered. The kept libraries for this have no such bound, and keys come from strangers. */
  most: number
  /** Milliseconds that never go back. */
  clock: () => number
}

export function createBuckets({ burst, perSecond, most, clock }: BucketTerms): Buckets {
  /** The least recently used first. */
  const levels = new Map<string, { left: number; at: number }>()

  function leftIn(key: string): number {
    const level = levels.get(key)
    if (!level) return burst
    return Math.min(burst, level.left + ((clock() - level.at) / 1000) * perSecond)
  }

  function set(key: string, left: number): void {
    levels.delete(key)
    levels.set(key, { left, at: clock() })
    const [oldest] = levels.size > most ? levels.keys() : []
    if (oldest !== undefined) levels.delete(oldest)
  }

  const wait = (key: string): number => {
    const left = leftIn(key)
    return left >= 1 ? 0 : ((1 - left) / perSecond) * 1000
  }

  return {
    wait,
    take(key) {
      const ms = wait(key)
      if (ms === 0) set(key, leftIn(key) - 1)
      return ms
    },
    charge: (key, cost) => set(key, leftIn(key) - cost),
  }
}
