import { primitives } from '#primitives'
import { base32 } from './base32.ts'
import type { Bound } from './bound.ts'
import { box, NONCE_BYTES, openBox } from './box.ts'
import { enc } from './bytes.ts'
import { deriver } from './derive.ts'
import type { MlKem } from './kem/types.ts'
import { encapsulate, type Random, type XWingPrivateKey } from './xwing.ts'

export const SUITE = 'xwing-xsalsa20poly1305'
export const DEK_BYTES = 32

/** Safe as a constant: a KEK wraps exactly once, under a shared secret that is fresh for each wrap. */
export const ZERO_NONCE = new Uint8Array(NONCE_BYTES)

export interface Wrap {
  /** X-Wing ciphertext, 1,120 bytes. */
  kem: Uint8Array
  /** The data key under the KEK, 48 bytes. */
  wrap: Uint8Array
}

export interface DataKey {
  dek: Uint8Array
  commitment: Uint8Array
  id: string
}

/** Commits to the data key: secretbox alone would let one file open to different values for different recipients. */
export function commit(dek: Uint8Array, { scope, namespace, name }: Bound): Uint8Array {
  return deriver(dek)(enc('waxwing.dev/v1 commit', SUITE, scope, namespace, name))
}

export const envelopeId = (commitment: Uint8Array): string => base32(commitment).slice(0, 8)

/** A fresh data key whose envelope id starts with a letter and is not in `taken`. */
export function newDataKey(bound: Bound, taken: ReadonlySet<string>, random: Random): DataKey {
  for (;;) {
    const dek = random(DEK_BYTES)
    const commitment = commit(dek, bound)
    const id = envelopeId(commitment)
    if (/^[a-z]/.test(id) && !taken.has(id)) return { dek, commitment, id }
  }
}

const wrapKey = (sharedSecret: Uint8Array, keyId: string, commitment: Uint8Array): Uint8Array =>
  deriver(sharedSecret)(enc('waxwing.dev/v1 wrap', keyId, commitment))

/** Wraps a data key for one recipient; undefined where its public key is not a valid X-Wing key. */
export async function wrapFor(
  kem: MlKem,
  recipient: { id: string; publicKey: Uint8Array },
  { dek, commitment }: Pick<DataKey, 'dek' | 'commitment'>,
  random: Random,
): Promise<Wrap | undefined> {
  const encapsulated = await encapsulate(kem, recipient.publicKey, random)
  if (!encapsulated) return undefined
  const kek = wrapKey(encapsulated.sharedSecret, recipient.id, commitment)
  return { kem: encapsulated.ciphertext, wrap: box(kek, ZERO_NONCE, dek) }
}

/**
 * The data key, or undefined where the wrap does not open or does not hold the key that `commitment` commits to **for this
 * object**: an envelope copied from elsewhere fails here, whatever its `binding` says.
 */
export async function unwrap(
  key: XWingPrivateKey,
  keyId: string,
  entry: Wrap,
  commitment: Uint8Array,
  bound: Bound,
): Promise<Uint8Array | undefined> {
  const dek = await openWrap(key, keyId, entry, commitment)
  return dek && primitives.equal(commit(dek, bound), commitment) ? dek : undefined
}

/** What is in the wrap, or undefined where it does not open. Whether `commitment` commits to that is for the caller to check. */
export async function openWrap(
  key: XWingPrivateKey,
  keyId: string,
  entry: Wrap,
  commitment: Uint8Array,
): Promise<Uint8Array | undefined> {
  const sharedSecret = await key.decapsulate(entry.kem)
  return sharedSecret && openBox(wrapKey(sharedSecret, keyId, commitment), ZERO_NONCE, entry.wrap)
}
