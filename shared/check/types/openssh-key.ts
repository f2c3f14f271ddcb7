/** The fields of each kind of private key before its comment, and of its public half after its name. */
const KINDS: Record<string, { secret: number; open: number }> = {
  'ssh-ed25519': { secret: 2, open: 1 },
  'ssh-rsa': { secret: 6, open: 2 },
  'ecdsa-sha2-nistp256': { secret: 3, open: 2 },
  'ecdsa-sha2-nistp384': { secret: 3, open: 2 },
  'ecdsa-sha2-nistp521': { secret: 3, open: 2 },
}
const MAGIC = 'openssh-key-v1\0'
const ascii = (bytes: Uint8Array | undefined): string => new TextDecoder('latin1').decode(bytes)

/**
 * Reads OpenSSH's own container (PROTOCOL.key in its sources): whether it is whole, and whether a passphrase is needed.
 * Keys on a device (`sk-…`) and DSA count as none. Written here because the libraries that read it bring a whole
 * SSH or ASN.1 stack with them, and do not run in a browser.
 */
export function readOpensshKey(bytes: Uint8Array): 'plain' | 'encrypted' | undefined {
  const reader = new Reader(bytes)
  if (ascii(bytes.subarray(0, MAGIC.length)) !== MAGIC) return undefined
  reader.skip(MAGIC.length)
  const [cipher, kdf] = [reader.string(), reader.string()]
  reader.string() // the salt and rounds of the KDF
  const count = reader.uint32()
  const [open, secret] = [reader.string(), reader.string()]
  if (!cipher || !kdf || !open || !secret || count !== 1) return undefined
  if (ascii(cipher) !== 'none') return ascii(kdf) === 'none' ? undefined : 'encrypted'
  return reader.rest().length === 0 && isWhole(open, secret) ? 'plain' : undefined
}

/** As OpenSSH does: the halves belong together, and the padding counts 1, 2, 3 … to the next multiple of 8. */
function isWhole(open: Uint8Array, secret: Uint8Array): boolean {
  const [publicHalf, privateHalf] = [new Reader(open), new Reader(secret)]
  const name = ascii(publicHalf.string())
  const kind = Object.hasOwn(KINDS, name) ? KINDS[name] : undefined
  const check = privateHalf.uint32()
  if (!kind || check === undefined || check !== privateHalf.uint32()) return false
  if (ascii(privateHalf.string()) !== name) return false
  const fields = Array.from({ length: kind.secret }, () => privateHalf.string())
  const shared = Array.from({ length: kind.open }, () => publicHalf.string())
  const comment = privateHalf.string()
  const padding = privateHalf.rest()
  return (
    comment !== undefined &&
    fields.every((field) => field !== undefined) &&
    shared.every(
      (field) => field !== undefined && fields.some((other) => other && ascii(other) === ascii(field)),
    ) &&
    secret.length % 8 === 0 &&
    padding.every((byte, i) => byte === i + 1)
  )
}

/** SSH's encoding: lengths as u32 big-endian. After the first piece that is cut off, all are undefined. */
class Reader {
  readonly #bytes: Uint8Array
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  skip(length: number): void {
    this.#at += length
  }

  uint32(): number | undefined {
    const piece = this.#take(4)
    return piece && new DataView(piece.buffer, piece.byteOffset, 4).getUint32(0)
  }

  string(): Uint8Array | undefined {
    const length = this.uint32()
    return length === undefined ? undefined : this.#take(length)
  }

  rest(): Uint8Array {
    return this.#bytes.subarray(this.#at)
  }

  #take(length: number): Uint8Array | undefined {
    const end = this.#at + length
    if (end > this.#bytes.length) {
      this.#at = Number.POSITIVE_INFINITY
      return undefined
    }
    const piece = this.#bytes.subarray(this.#at, end)
    this.#at = end
    return piece
  }
}
