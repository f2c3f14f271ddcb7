/**
 * `size` fresh bytes of the platform's CSPRNG, by whichever of its two interfaces is there without loading the other: Node
 * takes a millisecond to load its WebCrypto, and Bun two for `node:crypto`.
 */
export const randomBytes: (size: number) => Uint8Array = process.versions.bun
  ? (size) => crypto.getRandomValues(new Uint8Array(size))
  : (size) => process.getBuiltinModule('node:crypto').randomFillSync(new Uint8Array(size))
