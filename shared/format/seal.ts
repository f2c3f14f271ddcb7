import { type Bound, bindingText } from '../crypto/bound.ts'
import { type DataKey, newDataKey, SUITE, wrapFor } from '../crypto/envelope.ts'
import type { MlKem } from '../crypto/kem/types.ts'
import { valueSealer } from '../crypto/value.ts'
import type { Random } from '../crypto/xwing.ts'
import { SealError } from '../errors.ts'
import type { Envelope, Recipient, SealedValue } from './sealed-secret.ts'

export interface RecipientKey {
  id: string
  publicKey: Uint8Array
}

/**
 * Seals values into one fresh envelope for all `recipients`; `taken` are the envelope ids that the object has already.
 * Without values there is no envelope.
 */
export async function sealValues(
  kem: MlKem,
  target: Bound,
  values: ReadonlyMap<string, Uint8Array>,
  recipients: readonly RecipientKey[],
  random: Random,
  taken: ReadonlySet<string> = new Set(),
): Promise<{ envelopes: Envelope[]; data: Map<string, SealedValue> }> {
  if (values.size === 0) return { envelopes: [], data: new Map() }
  const key = newDataKey(target, taken, random)
  const seal = valueSealer(key.dek, target, random)
  const data = new Map<string, SealedValue>()
  for (const [name, value] of values) data.set(name, { envelope: key.id, sealed: seal(name, value) })
  const envelope: Envelope = {
    id: key.id,
    suite: SUITE,
    binding: bindingText(target),
    commitment: key.commitment,
    recipients: await wrapForAll(kem, recipients, key, random),
  }
  return { envelopes: [envelope], data }
}

async function wrapForAll(
  kem: MlKem,
  recipients: readonly RecipientKey[],
  key: DataKey,
  random: Random,
): Promise<Recipient[]> {
  const wraps: Recipient[] = []
  for (const recipient of recipients) {
    const wrap = await wrapFor(kem, recipient, key, random)
    if (!wrap)
      throw new SealError('key-malformed', `the public key of ${recipient.id} is not a valid X-Wing key`)
    wraps.push({ key: recipient.id, ...wrap })
  }
  return wraps
}
