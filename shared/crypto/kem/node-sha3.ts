import { createHash } from 'node:crypto'

/**
 * SHA-3 by OpenSSL with the interface of `@noble/hashes/sha3.js`, as far as noble's ML-KEM uses it: the build for Node puts
 * it in that place, since hashing in JavaScript that no compiler has seen yet is most of what one encapsulation takes.
 */
interface Sponge {
  update(data: Uint8Array): Sponge
  digest(): Uint8Array
  xofInto(out: Uint8Array): Uint8Array
  destroy(): void
}

/** How many blocks are squeezed at first: ML-KEM's sampling seldom needs a fourth. */
const BLOCKS = 4

function sponge(name: string, blockLen: number, outputLen: number | undefined): Sponge {
  const parts: Uint8Array[] = []
  let squeezed = new Uint8Array()
  let at = 0
  const squeeze = (length?: number): Uint8Array<ArrayBuffer> => {
    const hash = createHash(name, length === undefined ? {} : { outputLength: length })
    for (const part of parts) hash.update(part)
    return new Uint8Array(hash.digest())
  }
  const self: Sponge = {
    update(data) {
      // A copy: the caller uses its buffer again.
      parts.push(data.slice())
      return self
    },
    digest: () => squeeze(outputLen),
    xofInto(out) {
      const end = at + out.length
      if (squeezed.length < end) squeezed = squeeze(Math.max(2 * end, BLOCKS * blockLen))
      out.set(squeezed.subarray(at, end))
      at = end
      return out
    },
    destroy() {
      for (const part of parts.splice(0)) part.fill(0)
      squeezed.fill(0)
    },
  }
  return self
}

const fixed = (name: string, blockLen: number) =>
  Object.assign((data: Uint8Array) => sponge(name, blockLen, undefined).update(data).digest(), {
    create: () => sponge(name, blockLen, undefined),
  })

const extendable = (name: string, blockLen: number) => ({
  blockLen,
  create: ({ dkLen }: { dkLen?: number } = {}) => sponge(name, blockLen, dkLen),
})

export const sha3_256 = fixed('sha3-256', 136)
export const sha3_512 = fixed('sha3-512', 72)
export const shake128 = extendable('shake128', 168)
export const shake256 = extendable('shake256', 136)
