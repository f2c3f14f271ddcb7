export interface X25519Key {
  readonly publicKey: Uint8Array
  /** The shared secret; undefined where it would be all zero (a low-order peer key). */
  agree(peer: Uint8Array): Uint8Array | undefined | Promise<Uint8Array | undefined>
}

/** The classic primitives, once by the platform (node:crypto) and once portable (noble); both pass the same vectors. */
export interface Primitives {
  readonly name: 'native' | 'portable' | 'bun'
  /** FIPS 180-4; 32 bytes. */
  sha256(data: Uint8Array): Uint8Array
  /** FIPS 202; 32 bytes. */
  sha3(data: Uint8Array): Uint8Array
  /** FIPS 202 SHAKE256 with `length` bytes of output. */
  shake256(data: Uint8Array, length: number): Uint8Array | Promise<Uint8Array>
  /** RFC 5869 with SHA-256; `salt` may be empty. Extracts once, and expands as often as is asked for. */
  hkdf(ikm: Uint8Array, salt: Uint8Array): (info: Uint8Array, length: number) => Uint8Array
  /** RFC 7748 §6.1, from a 32-byte secret; imported once, however often it then agrees. */
  x25519(secret: Uint8Array): X25519Key | Promise<X25519Key>
  /** Constant time in the contents; lengths are public. */
  equal(a: Uint8Array, b: Uint8Array): boolean
}
