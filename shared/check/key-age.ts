import { GRACE_DAYS, keyAge } from '../keys/dates.ts'
import type { SealingKey } from '../keys/public.ts'
import type { Finding } from './finding.ts'

/** What the dates of a key say about sealing to it now (milliseconds). Dates are unauthenticated: advice, not protection. */
export function keyAgeFindings(key: SealingKey, now: number, file?: string): Finding[] {
  const age = keyAge(key, now)
  if (age === 'current') return []
  const code = age === 'stale' ? 'key-stale' : age === 'expired' ? 'key-expired' : 'key-not-yet'
  return [
    {
      code,
      severity: age === 'expired' ? 'fail' : 'warn',
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
