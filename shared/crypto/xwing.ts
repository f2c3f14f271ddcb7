import { primitives } from '#primitives'
import { concat } from './bytes.ts'
import * as mlkem from './kem/types.ts'

/** X-Wing, draft-connolly-cfrg-xwing-kem-10: ML-KEM-768 and X25519 under one combiner. */
export const SEED_BYTES = 32
export const PUBLIC_KEY_BYTES = mlkem.PUBLIC_KEY_BYTES + 32
export const CIPHERTEXT_BYTES = mlkem.CIPHERTEXT_BYTES + 32

/** §5.3: `\./` over `/^\`, last in the combiner. */
const LABEL = new Uint8Array([0x5c, 0x2e, 0x2f, 0x2f, 0x5e, 0x5c])

/** `size` fresh bytes of a CSPRNG. */
export type Random = (size: number) => Uint8Array

export interface XWingPrivateKey {
  /** 1,216 bytes: ML-KEM encapsulation key ‖ X25519 public key. */
  readonly publicKey: Uint8Array
  /** 1,120 bytes in, 32 out; undefined where the X25519 share is of low order. */
  decapsulate(ciphertext: Uint8Array): Promise<Uint8Array | undefined>
}

/** §5.2 expandDecapsulationKey, done once per key: later decapsulations do not pay for it. */
export async function importSeed(kem: mlkem.MlKem, seed: Uint8Array): Promise<XWingPrivateKey> {
  if (seed.length !== SEED_BYTES) throw new RangeError('an X-Wing seed has 32 bytes')
  const expanded = await primitives.shake256(seed, 96)
  const pq = await kem.importSeed(expanded.slice(0, 64))
  const classic = await primitives.x25519(expanded.slice(64))
  return {
    publicKey: concat(pq.publicKey, classic.publicKey),
    async decapsulate(ciphertext) {
      const share = ciphertext.subarray(mlkem.CIPHERTEXT_BYTES)
      const classicSecret = await classic.agree(share)
      if (!classicSecret) return undefined
      const pqSecret = await pq.decapsulate(ciphertext.subarray(0, mlkem.CIPHERTEXT_BYTES))
      return combine(pqSecret, classicSecret, share, classic.publicKey)
    },
  }
}

/** §5.4 Encapsulate; undefined where the public key is not a valid one (length, modulus, low order). */
export async function encapsulate(
  kem: mlkem.MlKem,
  publicKey: Uint8Array,
  random: Random,
): Promise<mlkem.Encapsulation | undefined> {
  if (publicKey.length !== PUBLIC_KEY_BYTES) return undefined
  const peer = publicKey.slice(mlkem.PUBLIC_KEY_BYTES)
  const ephemeral = await primitives.x25519(random(32))
  const classicSecret = await ephemeral.agree(peer)
  if (!classicSecret) return undefined
  const pq = await kem.encapsulate(publicKey.slice(0, mlkem.PUBLIC_KEY_BYTES))
  if (!pq) return undefined
  return {
    ciphertext: concat(pq.ciphertext, ephemeral.publicKey),
    sharedSecret: combine(pq.sharedSecret, classicSecret, ephemeral.publicKey, peer),
  }
}

function combine(pq: Uint8Array, classic: Uint8Array, share: Uint8Array, publicKey: Uint8Array): Uint8Array {
  return primitives.sha3(concat(pq, classic, share, publicKey, LABEL))
}
