import type { LoadedKey } from './key-secret.ts'

/** When the key that is sealed to gives way to a new one. The times stand in the keys, so that no replica remembers any. */
export interface Renewal {
  /** It is older than that; 0: never. Milliseconds. */
  everyMs: number
  /** It is from before that instant, and the instant has come. Milliseconds since 1970. */
  cutoff?: number
}

/** A key that another replica has just made may be dated a little ahead; one of far ahead was dated by a wrong clock. */
const SKEW_MS = 3_600_000
/** Where no newer key is to be expected. */
const TEN_YEARS_MS = 3_650 * 86_400_000

/** When a new active key is due, by the newest active one of `keys`; undefined: not for the time being. */
export function renewalDue(
  keys: readonly Pick<LoadedKey, 'state' | 'public'>[],
  { everyMs, cutoff }: Renewal,
  now: number,
): number | undefined {
  const dates = keys
    .filter(({ state }) => state === 'active')
    .map((key) => Date.parse(key.public.notBefore))
    .filter((date) => date <= now + SKEW_MS)
  if (dates.length === 0) return now
  const newest = Math.max(...dates)
  const times = [
    ...(everyMs > 0 ? [newest + everyMs] : []),
    // Dates are whole seconds: a key that is made at the cutoff must not be from before it.
    ...(cutoff !== undefined && newest < Math.floor(cutoff / 1000) * 1000 ? [cutoff] : []),
  ]
  return times.length === 0 ? undefined : Math.min(...times)
}

/** How long a new key is to be sealed to: until the next one. */
export const keyLifetimeMs = ({ everyMs }: Renewal): number => (everyMs > 0 ? everyMs : TEN_YEARS_MS)
