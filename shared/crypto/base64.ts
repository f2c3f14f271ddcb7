/** RFC 4648 §4, padded. `Buffer` where it is (an order faster), `atob`/`btoa` in the browser. */
const buffers: typeof Buffer | undefined = globalThis.Buffer

export function toBase64(bytes: Uint8Array): string {
  if (buffers) return buffers.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')
  let binary = ''
  for (const byte of bytes) binary += String.fromCharCode(byte)
  return btoa(binary)
}

/** Strict: undefined unless `text` is exactly what encoding its bytes gives (no white space, no loose trailing bits). */
export function fromBase64(text: string): Uint8Array | undefined {
  if (buffers) {
    const bytes = buffers.from(text, 'base64')
    return bytes.toString('base64') === text ? new Uint8Array(bytes) : undefined
  }
  const bytes = decode(text)
  return bytes && toBase64(bytes) === text ? bytes : undefined
}

function decode(text: string): Uint8Array | undefined {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
  } catch {
    return undefined
  }
}
