import nacl from 'tweetnacl'

export const NONCE_BYTES = nacl.secretbox.nonceLength
export const TAG_BYTES = nacl.secretbox.overheadLength

/** NaCl secretbox, XSalsa20-Poly1305: the 16-byte tag, then the ciphertext. */
export const box = (key: Uint8Array, nonce: Uint8Array, message: Uint8Array): Uint8Array =>
  nacl.secretbox(message, nonce, key)

/** The message, or undefined where the tag does not fit. */
export const openBox = (key: Uint8Array, nonce: Uint8Array, boxed: Uint8Array): Uint8Array | undefined =>
  nacl.secretbox.open(boxed, nonce, key) ?? undefined
