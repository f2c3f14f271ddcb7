import * as crypto from 'node:crypto'
import { CIPHERTEXT_BYTES, checkLength, type MlKem, PUBLIC_KEY_BYTES, SEED_BYTES } from './types.ts'

/** The DER before a raw key: draft-ietf-lamps-kyber-certificates, id-alg-ml-kem-768; private keys as seed only. */
const SPKI = Buffer.from('308204b2300b0609608648016503040402038204a100', 'hex')
const PKCS8 = Buffer.from('3054020100300b060960864801650304040204428040', 'hex')

/** Since Node 24.7; the types of our oldest supported Node do not know them. */
interface Encapsulating {
  encapsulate?(key: crypto.KeyObject): { sharedKey: Uint8Array; ciphertext: Uint8Array }
  decapsulate?(key: crypto.KeyObject, ciphertext: Uint8Array): Uint8Array
}

/** ML-KEM-768 by OpenSSL, or undefined where this Node has none. */
export function nodeKem(): MlKem | undefined {
  const { encapsulate, decapsulate } = crypto as Encapsulating
  if (!encapsulate || !decapsulate) return undefined
  return {
    name: 'node:crypto',
    async encapsulate(publicKey) {
      const key = importPublic(publicKey)
      if (!key) return undefined
      const { sharedKey, ciphertext } = encapsulate(key)
      return { ciphertext: new Uint8Array(ciphertext), sharedSecret: new Uint8Array(sharedKey) }
    },
    async importSeed(seed) {
      checkLength('seed', seed, SEED_BYTES)
      const key = crypto.createPrivateKey({ key: Buffer.concat([PKCS8, seed]), format: 'der', type: 'pkcs8' })
      const spki = crypto.createPublicKey(key).export({ format: 'der', type: 'spki' })
      return {
        publicKey: new Uint8Array(spki.subarray(-PUBLIC_KEY_BYTES)),
        decapsulate: async (ciphertext) => {
          checkLength('ciphertext', ciphertext, CIPHERTEXT_BYTES)
          return new Uint8Array(decapsulate(key, ciphertext))
        },
      }
    },
  }
}

function importPublic(publicKey: Uint8Array): crypto.KeyObject | undefined {
  if (publicKey.length !== PUBLIC_KEY_BYTES) return undefined
  try {
    return crypto.createPublicKey({ key: Buffer.concat([SPKI, publicKey]), format: 'der', type: 'spki' })
  } catch {
    return undefined
  }
}
