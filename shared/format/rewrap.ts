import { primitives } from '#primitives'
import { unwrap, wrapFor } from '../crypto/envelope.ts'
import type { MlKem } from '../crypto/kem/types.ts'
import type { Random } from '../crypto/xwing.ts'
import { SealError } from '../errors.ts'
import type { RecipientKey } from './seal.ts'
import type { Envelope, Recipient, SealedSecret } from './sealed-secret.ts'
import { boundOf, openSealed, type PrivateKeys } from './unseal.ts'

export interface RewrapMeans {
  kem: MlKem
  random: Random
}

/**
 * Replaces one holder's wraps by wraps to its `newest` key. `keys` are the holder's private keys. The object is opened
 * whole first, its values too; then values, data keys and the wraps of others stay the very same. Where nothing is to
 * be done the object itself comes back.
 */
export async function rewrap(
  sealed: SealedSecret,
  keys: PrivateKeys,
  newest: RecipientKey,
  means: RewrapMeans,
): Promise<SealedSecret> {
  const { dataKeys } = await openSealed(sealed, keys)
  const envelopes: Envelope[] = []
  for (const envelope of sealed.envelopes) {
    const dek = dataKeys.get(envelope.id) ?? new Uint8Array()
    envelopes.push(await renewed(envelope, dek, sealed, keys, newest, means))
  }
  return envelopes.every((envelope, i) => envelope === sealed.envelopes[i])
    ? sealed
    : { ...sealed, envelopes }
}

/** The new wrap stands where the holder's first one stood. */
async function renewed(
  envelope: Envelope,
  dek: Uint8Array,
  sealed: SealedSecret,
  keys: PrivateKeys,
  newest: RecipientKey,
  { kem, random }: RewrapMeans,
): Promise<Envelope> {
  const { commitment, recipients } = envelope
  const isOwn = ({ key }: Recipient) => key === newest.id || keys.has(key)
  const there = recipients.find(({ key }) => key === newest.id)
  const holds = there && (await isGood(there, dek, envelope, sealed, keys))
  if (holds && recipients.every((entry) => entry === there || !isOwn(entry))) return envelope
  const fresh = holds ? there : await wrapFor(kem, newest, { dek, commitment }, random)
  if (!fresh) throw new SealError('key-malformed', `the public key of ${newest.id} is not a valid X-Wing key`)
  const wrap = { key: newest.id, kem: fresh.kem, wrap: fresh.wrap }
  const first = recipients.findIndex(isOwn)
  return {
    ...envelope,
    recipients: recipients.flatMap((entry, i) => (i === first ? [wrap] : isOwn(entry) ? [] : [entry])),
  }
}

/** A wrap that is there may be junk, which nobody can tell without its private key: then it is not relied on. */
async function isGood(
  entry: Recipient,
  dek: Uint8Array,
  { commitment }: Envelope,
  sealed: SealedSecret,
  keys: PrivateKeys,
): Promise<boolean> {
  const key = keys.get(entry.key)
  if (!key) return false
  const held = await unwrap(key, entry.key, entry, commitment, boundOf(sealed))
  return held !== undefined && primitives.equal(held, dek)
}
