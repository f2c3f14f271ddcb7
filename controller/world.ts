import type { Random } from '../shared/crypto/xwing.ts'
import type { Log } from './log.ts'

/** What only the outermost file reaches for: time, chance, the log and the end. */
export interface World {
  log: Log
  /** Begins the end. */
  signal: AbortSignal
  /** Milliseconds since 1970. */
  now: () => number
  /** Milliseconds that never go back. */
  clock: () => number
  /** For jitter. */
  random: () => number
  /** For keys. */
  randomBytes: Random
}
