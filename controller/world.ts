import type { Random } from '../shared/crypto/xwing.ts'
import type { LineWriter } from './audit/file.ts'
import type { Log } from './log.ts'

/** What only the outermost file reaches for: time, chance, the logs and the end. */
export interface World {
  log: Log
  /** Where the audit log goes, if there is to be one. */
  audit?: LineWriter | undefined
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
