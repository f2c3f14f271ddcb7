import type { Finding } from '../check/finding.ts'
import { keyAgeFindings } from '../check/key-age.ts'
import type { SealingKey } from '../keys/public.ts'
import type { RecipientUse, VerifiedStream } from './verify-stream.ts'

/**
 * Warns of recipients whose key should be replaced, as far as keys are known: those among the files themselves. `now` in
 * milliseconds. What is sealed to an old key still opens, so this is never a failure.
 */
export function verifyRecipients(streams: readonly VerifiedStream[], now: number): Finding[] {
  const keys = new Map<string, SealingKey>(streams.flatMap(({ keys }) => keys.map((key) => [key.id, key])))
  const old = new Map([...keys].map(([id, key]) => [id, keyAgeFindings(key, now)[0]]))
  return streams.flatMap(({ recipients }) => recipients.flatMap((use) => warn(use, old.get(use.id))))
}

function warn({ file, line, column }: RecipientUse, age: Finding | undefined): Finding[] {
  if (!age || age.code === 'key-not-yet') return []
  return [{ code: 'key-stale', severity: 'warn', file, line, column, args: { ...age.args, used: 'true' } }]
}
