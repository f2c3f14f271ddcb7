import type { Code } from '../codes.ts'
import { GRACE_DAYS, type KeyAge, keyAge } from '../keys/dates.ts'
import type { SealingKey } from '../keys/public.ts'
import type { Finding } from './finding.ts'

const CODES = {
  stale: 'key-stale',
  expired: 'key-expired',
  'not-yet': 'key-not-yet',
  retired: 'key-retired',
} as const satisfies Record<Exclude<KeyAge, 'current'>, Code>

/**
 * What the dates and the mark of a key say about sealing to it now (milliseconds). They are unauthenticated: advice, not
 * protection.
 */
export function keyAgeFindings(key: SealingKey, now: number, file?: string): Finding[] {
  const age = keyAge(key, now)
  if (age === 'current') return []
  return [
    {
      code: CODES[age],
      severity: age === 'expired' || age === 'retired' ? 'fail' : 'warn',
      ...(file === undefined ? {} : { file }),
      args: {
        id: key.id,
        holder: key.holder,
        date: (age === 'not-yet' ? key.notBefore : key.notAfter).slice(0, 10),
        days: String(GRACE_DAYS),
      },
    },
  ]
}
