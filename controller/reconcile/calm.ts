/** Holds back from a Secret that somebody else changes as often as we put it back. */
export interface Calm {
  /** How long to leave it alone. */
  waitMs(key: string): number
  corrected(key: string): void
}

/** So many corrections in a row are put back at once. */
const PROMPT = 2
const BASE_MS = 500
const CAP_MS = 60_000
/** After so much quiet beyond the pause the fight is over. */
const QUIET_MS = 10_000
/** More keys than this are looked through for those that have long been quiet. */
const MANY = 1000

export function createCalm(clock: () => number): Calm {
  const fights = new Map<string, { count: number; until: number }>()

  function forgetQuiet(now: number): void {
    for (const [key, { until }] of fights) if (now >= until + QUIET_MS) fights.delete(key)
  }

  return {
    waitMs: (key) => Math.max(0, (fights.get(key)?.until ?? 0) - clock()),
    corrected(key) {
      const now = clock()
      if (fights.size >= MANY) forgetQuiet(now)
      const last = fights.get(key)
      const count = last && now < last.until + QUIET_MS ? last.count + 1 : 1
      const pause = count <= PROMPT ? 0 : Math.min(CAP_MS, BASE_MS * 2 ** Math.min(count - PROMPT - 1, 20))
      fights.set(key, { count, until: now + pause })
    },
  }
}
