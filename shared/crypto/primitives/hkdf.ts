import type { Primitives } from './types.ts'

const HASH_BYTES = 32
const FIRST = Uint8Array.of(1)

/** RFC 5869 over a platform's HMAC-SHA-256, which takes its message in parts. */
export function hkdfBy(hmac: (key: Uint8Array, ...parts: Uint8Array[]) => Uint8Array): Primitives['hkdf'] {
  return (ikm, salt) => {
    const key = hmac(salt.length > 0 ? salt : new Uint8Array(HASH_BYTES), ikm)
    return (info, length) => {
      if (length > 255 * HASH_BYTES) throw new RangeError('HKDF-SHA-256 gives at most 8,160 bytes')
      let block = hmac(key, info, FIRST)
      if (length === HASH_BYTES) return block
      const out = new Uint8Array(length)
      out.set(block.subarray(0, length))
      for (let at = HASH_BYTES, count = 2; at < length; at += HASH_BYTES, count += 1) {
        block = hmac(key, block, info, Uint8Array.of(count))
        out.set(block.subarray(0, length - at), at)
      }
      return out
    }
  }
}
