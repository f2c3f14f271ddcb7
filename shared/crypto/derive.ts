import { primitives } from '#primitives'

const NO_SALT = new Uint8Array(0)

/** `HKDF(ikm, info)` of the format: HKDF-SHA-256 (RFC 5869), empty salt, 32 bytes. */
export const derive = (ikm: Uint8Array, info: Uint8Array): Uint8Array =>
  primitives.hkdf(ikm, NO_SALT, info, 32)
