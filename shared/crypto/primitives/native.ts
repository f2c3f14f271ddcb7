import {
  createHash,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  hash,
  timingSafeEqual,
} from 'node:crypto'
import { hkdfBy } from './hkdf.ts'
import type { Primitives, X25519Key } from './types.ts'

/** RFC 8410: the DER that stands before the 32 bytes of an X25519 key. */
const PKCS8 = Buffer.from('302e020100300506032b656e04220420', 'hex')
const SPKI = Buffer.from('302a300506032b656e032100', 'hex').toString('base64')

// Node 24 throws and catches an error for every key that is given as bytes, only to find that it is none of its own
// objects; with its stack that costs more than reading the key. PEM, being text, is spared it.
const pemOf = (publicKey: Uint8Array): string =>
  `-----BEGIN PUBLIC KEY-----\n${SPKI}${Buffer.from(publicKey).toString('base64')}\n-----END PUBLIC KEY-----\n`

// As text of one character a byte: Node makes that several times faster than a buffer, whose memory lies outside the heap.
function digest(name: string, data: Uint8Array): Uint8Array {
  const text = hash(name, data, 'binary')
  const out = new Uint8Array(text.length)
  for (let i = 0; i < text.length; i += 1) out[i] = text.charCodeAt(i)
  return out
}

const sha256 = (data: Uint8Array): Uint8Array => digest('sha256', data)

const BLOCK_BYTES = 64
/** Takes what keys are derived from, with names of the usual lengths. */
const scratch = new Uint8Array(1024)

/**
 * HMAC-SHA-256, RFC 2104, by one-shot hashes: the objects that `createHmac` and `hkdfSync` make for the native side take
 * longer than hashing what keys are derived from, and then the garbage collector's time.
 */
function hmac(key: Uint8Array, ...parts: Uint8Array[]): Uint8Array {
  const short = key.length > BLOCK_BYTES ? sha256(key) : key
  let end = BLOCK_BYTES
  for (const part of parts) end += part.length
  const message = end <= scratch.length ? scratch.subarray(0, end) : new Uint8Array(end)
  putPadded(message, short, 0x36)
  let at = BLOCK_BYTES
  for (const part of parts) {
    message.set(part, at)
    at += part.length
  }
  const inner = sha256(message)
  message.fill(0)
  const outer = scratch.subarray(0, BLOCK_BYTES + inner.length)
  putPadded(outer, short, 0x5c)
  outer.set(inner, BLOCK_BYTES)
  const mac = sha256(outer)
  outer.fill(0)
  return mac
}

function putPadded(block: Uint8Array, key: Uint8Array, pad: number): void {
  block.fill(pad, 0, BLOCK_BYTES)
  for (let i = 0; i < key.length; i += 1) block[i] = (key[i] ?? 0) ^ pad
}

function x25519(secret: Uint8Array): X25519Key {
  const privateKey = createPrivateKey({ key: Buffer.concat([PKCS8, secret]), format: 'der', type: 'pkcs8' })
  const der = createPublicKey(privateKey).export({ format: 'der', type: 'spki' })
  return {
    publicKey: new Uint8Array(der.subarray(-32)),
    agree(peer) {
      const publicKey = createPublicKey(pemOf(peer))
      try {
        return new Uint8Array(diffieHellman({ privateKey, publicKey }))
      } catch {
        // OpenSSL fails the derivation for exactly the low-order points; both lengths were checked by the imports.
        return undefined
      }
    },
  }
}

export const primitives: Primitives = {
  name: 'native',
  sha256,
  sha3: (data) => digest('sha3-256', data),
  shake256: (data, length) =>
    new Uint8Array(createHash('shake256', { outputLength: length }).update(data).digest()),
  hkdf: hkdfBy(hmac),
  x25519,
  equal: (a, b) => a.length === b.length && timingSafeEqual(a, b),
}
