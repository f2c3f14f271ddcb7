import { primitives } from '#primitives'

const NO_SALT = new Uint8Array(0)

/**
 * `HKDF(ikm, info)` of the format: HKDF-SHA-256 (RFC 5869), empty salt, 32 bytes. A function of `info`, since of one data
 * key many are derived.
 */
export function deriver(ikm: Uint8Array): (info: Uint8Array) => Uint8Array {
  const expand = primitives.hkdf(ikm, NO_SALT)
  return (info) => expand(info, 32)
}
