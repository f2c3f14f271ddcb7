/**
 * Go's strings are bytes, and values need not be text. Here such a string is a JavaScript string with one character a byte
 * (0 to 255): its length, order, search and slices are then those of the bytes, as in Go.
 */
const buffers: typeof Buffer | undefined = globalThis.Buffer

export function fromBytes(bytes: Uint8Array): string {
  if (buffers) return buffers.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return text
}

export function toBytes(text: string): Uint8Array {
  if (buffers) return new Uint8Array(buffers.from(text, 'latin1'))
  return Uint8Array.from(text, (character) => character.charCodeAt(0))
}

/** Ordinary text, as the template has it, to its UTF-8 bytes. */
export function fromText(text: string): string {
  return isAscii(text) ? text : fromBytes(new TextEncoder().encode(text))
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Ordinary text again, or undefined where the bytes are not UTF-8. */
export function decoded(text: string): string | undefined {
  if (isAscii(text)) return text
  try {
    return decoder.decode(toBytes(text))
  } catch {
    return undefined
  }
}

/** Ordinary text in any case: each byte that is part of no character becomes U+FFFD, as where Go looks at characters. */
export const toText = (text: string): string =>
  decoded(text) ??
  Array.from(runes(text), ([rune]) => (rune < 0 ? '\ufffd' : String.fromCodePoint(rune))).join('')

// biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII is meant
export const isAscii = (text: string): boolean => !/[^\x00-\x7f]/.test(text)

/** Go's utf8.RuneError for one byte that begins no character; U+FFFD itself is another rune, three bytes long. */
export const INVALID = -1
const REPLACEMENT = '\xef\xbf\xbd'
const LEAST = [0, 0, 0x80, 0x800, 0x10000]

/** The character that begins at a byte (Go's utf8.DecodeRune), or INVALID. */
export function runeAt(text: string, at: number): number {
  const first = text.charCodeAt(at)
  if (first < 0x80) return first
  if (first < 0xc2 || first > 0xf4) return INVALID
  const size = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4
  let rune = first & (0xff >> (size + 1))
  for (let i = at + 1; i < at + size; i++) {
    // Past the end this is NaN, which is no continuation byte either.
    const byte = text.charCodeAt(i)
    if ((byte & 0xc0) !== 0x80) return INVALID
    rune = (rune << 6) | (byte & 0x3f)
  }
  const surrogate = rune >= 0xd800 && rune <= 0xdfff
  return rune < (LEAST[size] ?? 0) || rune > 0x10ffff || surrogate ? INVALID : rune
}

export const sizeOf = (rune: number): number => (rune < 0x80 ? 1 : rune < 0x800 ? 2 : rune < 0x10000 ? 3 : 4)

/** The character that ends before a byte (Go's utf8.DecodeLastRune), or INVALID. */
export function runeBefore(text: string, end: number): number {
  let start = end - 1
  while (start > 0 && start > end - 4 && (text.charCodeAt(start) & 0xc0) === 0x80) start--
  const rune = runeAt(text.slice(start, end), 0)
  return start + sizeOf(rune) === end ? rune : INVALID
}

/** A character's UTF-8; what is no character gives U+FFFD, as in Go. */
export function encodeRune(rune: number): string {
  if (rune >= 0 && rune < 0x80) return String.fromCharCode(rune)
  if (rune < 0 || rune > 0x10ffff || (rune >= 0xd800 && rune <= 0xdfff)) return REPLACEMENT
  const tail = (shift: number) => 0x80 | ((rune >> shift) & 0x3f)
  if (rune < 0x800) return String.fromCharCode(0xc0 | (rune >> 6), tail(0))
  if (rune < 0x10000) return String.fromCharCode(0xe0 | (rune >> 12), tail(6), tail(0))
  return String.fromCharCode(0xf0 | (rune >> 18), tail(12), tail(6), tail(0))
}

/** Every character with the byte where it begins. */
export function* runes(text: string): Generator<readonly [rune: number, at: number]> {
  for (let at = 0; at < text.length; ) {
    const rune = runeAt(text, at)
    yield [rune, at]
    at += sizeOf(rune)
  }
}

export function runeCount(text: string): number {
  if (isAscii(text)) return text.length
  let count = 0
  for (const _ of runes(text)) count++
  return count
}
