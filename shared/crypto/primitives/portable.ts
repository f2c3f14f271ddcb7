import { x25519 as curve } from '@noble/curves/ed25519.js'
import { expand, extract } from '@noble/hashes/hkdf.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { sha3_256, shake256 } from '@noble/hashes/sha3.js'
import { equal } from './equal.ts'
import type { Primitives, X25519Key } from './types.ts'

function x25519(secret: Uint8Array): X25519Key {
  return {
    publicKey: curve.getPublicKey(secret),
    agree(peer) {
      if (peer.length !== 32) throw new RangeError('an X25519 key has 32 bytes')
      try {
        return curve.getSharedSecret(secret, peer)
      } catch {
        // noble throws for the low-order points; the lengths were checked before.
        return undefined
      }
    },
  }
}

export const primitives: Primitives = {
  name: 'portable',
  sha256: (data) => sha256(data),
  sha3: (data) => sha3_256(data),
  shake256: (data, length) => shake256(data, { dkLen: length }),
  hkdf(ikm, salt) {
    const key = extract(sha256, ikm, salt)
    return (info, length) => expand(sha256, key, info, length)
  },
  x25519,
  equal,
}
