/**
 * Waiting times that double up to a bound, each drawn from the whole range ("full jitter"), so that many clients that
 * lost one server do not come back together.
 */
export interface Backoff {
  next(): number
  reset(): void
}

const BASE_MS = 800
const CAP_MS = 30_000
/** The draw may be 0; a loop must never run hot. */
const FLOOR_MS = 20

export function createBackoff(random: () => number): Backoff {
  let attempts = 0
  return {
    next: () => Math.max(FLOOR_MS, random() * Math.min(CAP_MS, BASE_MS * 2 ** attempts++)),
    reset() {
      attempts = 0
    },
  }
}
