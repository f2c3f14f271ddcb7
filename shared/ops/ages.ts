import { readSealedAt } from '../format/sealed-at.ts'
import type { SealedSecret } from '../format/sealed-secret.ts'

/** How old a value is by `waxwing.dev/sealed-at`, which is advisory: anyone can write it. */
export interface ValueAge {
  key: string
  /** RFC 3339; absent where nothing says it. */
  sealedAt?: string
  /** Whole days. */
  days?: number
  /** What the policy allows; absent where it says nothing. */
  limit?: number
  /** `due`: older than allowed, or of unknown age where there is a limit. */
  state: 'ok' | 'due' | 'unknown'
}

/** The policy's limit in days for a data key. */
export type LimitFor = (key: string) => number | undefined

const DAY_MS = 86_400_000
const RFC3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/

/** `now` in milliseconds. */
export function valueAges(
  { data, annotations }: Pick<SealedSecret, 'data' | 'annotations'>,
  limitFor: LimitFor,
  now: number,
): ValueAge[] {
  const times = readSealedAt(annotations)
  return [...data.keys()].map((key) => ageOf(key, times.get(key), limitFor(key), now))
}

function ageOf(key: string, sealedAt: string | undefined, limit: number | undefined, now: number): ValueAge {
  const limited = limit === undefined ? {} : { limit }
  const time = sealedAt !== undefined && RFC3339.test(sealedAt) ? Date.parse(sealedAt) : Number.NaN
  if (sealedAt === undefined || Number.isNaN(time))
    return { key, ...limited, state: limit === undefined ? 'unknown' : 'due' }
  const due = limit !== undefined && now - time > limit * DAY_MS
  const days = Math.max(0, Math.floor((now - time) / DAY_MS))
  return { key, sealedAt, days, ...limited, state: due ? 'due' : 'ok' }
}
