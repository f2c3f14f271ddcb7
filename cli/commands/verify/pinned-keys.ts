import { SealError } from '../../../shared/errors.ts'
import type { SealingKey } from '../../../shared/keys/public.ts'
import { readPublicKeys } from '../../keys.ts'
import { loadedPolicies } from '../../policy.ts'
import { Refused } from '../../refused.ts'
import { shownPath } from '../../ruling.ts'

/** The keys that the policies in use pin: their dates tell which recipients are old. Whoever seals needs the files; here they only help. */
export async function pinnedKeys(signal: AbortSignal): Promise<SealingKey[]> {
  const keys: SealingKey[] = []
  for (const loaded of await loadedPolicies())
    for (const { id, file } of loaded.policy.recipients.values())
      keys.push(...(await keysIn(shownPath(file, loaded), signal)).filter((key) => key.id === id))
  return keys
}

async function keysIn(file: string, signal: AbortSignal): Promise<SealingKey[]> {
  try {
    return (await readPublicKeys([file], signal)).map(({ key }) => key)
  } catch (error) {
    if (error instanceof SealError || error instanceof Refused) return []
    throw error
  }
}
