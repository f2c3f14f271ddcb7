import type { Finding } from '../check/finding.ts'
import { keyAgeFindings } from '../check/key-age.ts'
import { keyAge } from '../keys/dates.ts'
import type { SealingKey } from '../keys/public.ts'
import type { RecipientUse, VerifiedStream } from './verify-stream.ts'

/**
 * Warns of recipients whose key should be replaced, as far as keys are known: those among the files themselves, and
 * `others`. `now` in milliseconds. What is sealed to an old key still opens, so this is never a failure; and holders and
 * dates are what somebody wrote, so nothing but advice is made of them.
 */
export function verifyRecipients(
  streams: readonly VerifiedStream[],
  now: number,
  others: readonly SealingKey[] = [],
): Finding[] {
  const keys = [...streams.flatMap((stream) => stream.keys), ...others]
  const known = new Map(keys.map((key) => [key.id, key]))
  const newest = newestByHolder(keys, now)
  const stale = new Map([...known].map(([id, key]) => [id, staleArgs(key, newest.get(key.holder), now)]))
  return streams.flatMap(({ recipients }) => recipients.flatMap((use) => warn(use, stale.get(use.id))))
}

function newestByHolder(keys: readonly SealingKey[], now: number): Map<string, SealingKey> {
  const newest = new Map<string, SealingKey>()
  for (const key of keys) {
    const before = newest.get(key.holder)
    const later = !before || Date.parse(key.notBefore) > Date.parse(before.notBefore)
    const age = keyAge(key, now)
    if (later && age !== 'not-yet' && age !== 'retired') newest.set(key.holder, key)
  }
  return newest
}

function staleArgs(
  key: SealingKey,
  newest: SealingKey | undefined,
  now: number,
): Finding['args'] | undefined {
  if (newest && Date.parse(newest.notBefore) > Date.parse(key.notBefore)) {
    const { id, holder } = key
    return { id, holder, date: newest.notBefore.slice(0, 10), used: 'replaced', newer: newest.id }
  }
  const [age] = keyAgeFindings(key, now)
  if (!age || age.code === 'key-not-yet') return undefined
  return { ...age.args, used: age.code === 'key-retired' ? 'retired' : 'true' }
}

function warn({ file, line, column }: RecipientUse, args: Finding['args'] | undefined): Finding[] {
  if (!args) return []
  const hint = HINTS[args.used ?? '']
  return [{ code: 'key-stale', severity: 'warn', file, line, column, args, ...(hint && { hint }) }]
}

const HINTS: Record<string, string> = {
  replaced: 'Seal it again, to the newer key; the old one still opens it.',
  retired: "Renew its wraps with `waxwing rewrap`, to the cluster's newer key; the old one still opens it.",
}
