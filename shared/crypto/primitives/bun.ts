import { concat } from '../bytes.ts'
import { equal } from './equal.ts'
import { hkdfBy } from './hkdf.ts'
import type { Primitives, X25519Key } from './types.ts'

/** Of Bun's global object: hashes without `node:crypto`, which Bun takes milliseconds to load. */
interface BunHasher {
  update(data: Uint8Array): BunHasher
  digest(): Uint8Array
}
declare const Bun: { CryptoHasher: new (algorithm: string, hmacKey?: Uint8Array) => BunHasher }

/** RFC 8410: the DER that stands before the 32 bytes of an X25519 key. */
const PKCS8 = new Uint8Array(Buffer.from('302e020100300506032b656e04220420', 'hex'))
const X25519 = { name: 'X25519' }

const hash = (hasher: BunHasher, data: Uint8Array): Uint8Array => new Uint8Array(hasher.update(data).digest())

function hmac(key: Uint8Array, ...parts: Uint8Array[]): Uint8Array {
  const hasher = new Bun.CryptoHasher('sha256', key)
  for (const part of parts) hasher.update(part)
  return new Uint8Array(hasher.digest())
}

async function x25519(secret: Uint8Array): Promise<X25519Key> {
  const { subtle } = globalThis.crypto
  const der = new Uint8Array(concat(PKCS8, secret))
  const key = await subtle.importKey('pkcs8', der, X25519, true, ['deriveBits'])
  const { x = '' } = await subtle.exportKey('jwk', key)
  return {
    publicKey: new Uint8Array(Buffer.from(x, 'base64url')),
    async agree(peer) {
      const publicKey = await subtle.importKey('raw', new Uint8Array(peer), X25519, true, [])
      try {
        return new Uint8Array(await subtle.deriveBits({ name: 'X25519', public: publicKey }, key, 256))
      } catch {
        // WebCrypto fails the derivation for exactly the low-order points; both lengths were checked by the imports.
        return undefined
      }
    },
  }
}

/** Bun's hasher gives 32 bytes of SHAKE256 and no more; keys are expanded to 96. */
async function shake256(data: Uint8Array, length: number): Promise<Uint8Array> {
  const { createHash } = await import('node:crypto')
  return new Uint8Array(createHash('shake256', { outputLength: length }).update(data).digest())
}

/** For the native build: what sealing needs starts in a fraction of a millisecond. */
export const primitives: Primitives = {
  name: 'bun',
  sha256: (data) => hash(new Bun.CryptoHasher('sha256'), data),
  sha3: (data) => hash(new Bun.CryptoHasher('sha3-256'), data),
  shake256,
  hkdf: hkdfBy(hmac),
  x25519,
  equal,
}
