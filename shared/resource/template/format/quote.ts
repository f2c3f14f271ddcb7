import { decoded, encodeRune, fromText, INVALID, runes, sizeOf } from '../text.ts'

/** Go's unicode.IsPrint: "letters, marks, numbers, punctuation, symbols, and the ASCII space character". */
export function isPrint(rune: number): boolean {
  if (rune < 0x7f) return rune >= 0x20
  return /^[\p{L}\p{M}\p{N}\p{P}\p{S}]$/u.test(String.fromCodePoint(rune))
}

const ESCAPES: Readonly<Record<number, string>> = {
  7: '\\a',
  8: '\\b',
  9: '\\t',
  10: '\\n',
  11: '\\v',
  12: '\\f',
  13: '\\r',
  34: '\\"',
  92: '\\\\',
}

const hex = (n: number, digits: number): string => n.toString(16).padStart(digits, '0')

/** What is not written as it is: quotes, backslashes, and what isPrint says no to. */
const UNPRINTED = /["\\]|[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu

/** strconv.Quote, or strconv.QuoteToASCII. */
export function quoted(text: string, ascii = false): string {
  // What most values are needs no look at each character.
  if (/^[ !#-[\]-~]*$/.test(text)) return `"${text}"`
  const plain = ascii ? undefined : decoded(text)
  if (plain !== undefined)
    return `"${fromText(plain.replace(UNPRINTED, (one) => escaped(one.codePointAt(0) ?? 0, 0, ascii)))}"`
  const parts: string[] = []
  for (const [rune, at] of runes(text)) parts.push(escaped(rune, text.charCodeAt(at), ascii))
  return `"${parts.join('')}"`
}

function escaped(rune: number, byte: number, ascii: boolean): string {
  if (rune === INVALID) return `\\x${hex(byte, 2)}`
  const known = ESCAPES[rune]
  if (known !== undefined) return known
  if (sizeOf(rune) === 1 ? isPrint(rune) : !ascii && isPrint(rune)) return encodeRune(rune)
  if (rune < 0x80) return `\\x${hex(rune, 2)}`
  return rune < 0x10000 ? `\\u${hex(rune, 4)}` : `\\U${hex(rune, 8)}`
}
