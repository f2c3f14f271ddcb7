const encoder = new TextEncoder()

export const utf8 = (text: string): Uint8Array => encoder.encode(text)

/** As `utf8`, but perhaps a part of a longer buffer, which is quicker for a name; a value must not be left in there. */
const short: typeof utf8 = globalThis.Buffer ? (text) => Buffer.from(text) : utf8

/** As `short`: for what is known to all. */
const room: (size: number) => Uint8Array = globalThis.Buffer
  ? Buffer.allocUnsafe
  : (size) => new Uint8Array(size)

export function concat(...parts: Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    out.set(part, at)
    at += part.length
  }
  return out
}

/**
 * `enc(a, b, …)` of the format: each argument's byte length as u32 big-endian, then its bytes; strings are UTF-8. Injective,
 * so no two different argument lists share an encoding. For what is known to all, as the buffer may be a part of a longer one.
 */
export function enc(...parts: (string | Uint8Array)[]): Uint8Array {
  const bytes = parts.map((part) => (typeof part === 'string' ? short(part) : part))
  const out = room(bytes.reduce((sum, { length }) => sum + 4 + length, 0))
  let at = 0
  for (const part of bytes) {
    for (let shift = 24; shift >= 0; shift -= 8) out[at++] = part.length >>> shift
    out.set(part, at)
    at += part.length
  }
  return out
}
