import { type KeyAge, keyAge } from '../shared/keys/dates.ts'
import type { SealingKey } from '../shared/keys/public.ts'
import type { Ruling } from './ruling.ts'

/** What is known of a recipient besides its id. */
export interface KnownKey {
  name: string
  state?: KeyAge
}

/** By id: names from the policy first, which pins them, then from the keys themselves. */
export function knownKeys(ruling: Ruling | undefined, keys: readonly SealingKey[]): Map<string, KnownKey> {
  const known = new Map<string, KnownKey>()
  for (const key of keys) known.set(key.id, { name: key.holder, state: keyAge(key, Date.now()) })
  for (const { id, name } of ruling?.loaded.policy.recipients.values() ?? [])
    known.set(id, { ...known.get(id), name })
  return known
}
