import type { SealingKey } from './public.ts'

const DAY_MS = 86_400_000
/** How long after `notAfter` sealing to a key is still allowed, with a warning. */
export const GRACE_DAYS = 90

export type KeyAge = 'current' | 'not-yet' | 'stale' | 'expired' | 'retired'

/** `stale`: past `notAfter`, a newer key should be fetched; `expired`: more than 90 days past it; `retired`: whatever its dates. `now` in milliseconds. */
export function keyAge(key: Pick<SealingKey, 'notBefore' | 'notAfter' | 'retired'>, now: number): KeyAge {
  if (key.retired) return 'retired'
  const after = Date.parse(key.notAfter)
  if (now < Date.parse(key.notBefore)) return 'not-yet'
  if (now <= after) return 'current'
  return now <= after + GRACE_DAYS * DAY_MS ? 'stale' : 'expired'
}

/** RFC 3339 in whole seconds, UTC. `time` in milliseconds. */
export const rfc3339 = (time: number): string => new Date(time).toISOString().replace(/\.\d+Z$/, 'Z')
