import { Fault } from '../fault.ts'
import { floatOf, integerOf } from '../numerals.ts'
import { encodeRune, fromText } from '../text.ts'
import { int } from '../values.ts'
import type { NumberNode } from './ast.ts'
import type { Token } from './token.ts'

const SIMPLE: Readonly<Record<string, number>> = {
  a: 7,
  b: 8,
  f: 12,
  n: 10,
  r: 13,
  t: 9,
  v: 11,
  '\\': 92,
}
const NUMERIC = /x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([0-7]{3})/y

/** The bytes of a string literal (Go's strconv.Unquote). */
export function stringOf({ text, at }: Token): string {
  const inner = text.slice(1, -1)
  // "Carriage return characters inside raw string literals are discarded" (Go's specification).
  if (text.startsWith('`')) return fromText(inner.replaceAll('\r', ''))
  let out = ''
  for (let from = 0; ; ) {
    const slash = inner.indexOf('\\', from)
    if (slash < 0) return out + fromText(inner.slice(from))
    const { code, isByte, length } = escapeAt(inner, slash + 1, '"', at)
    out += fromText(inner.slice(from, slash)) + (isByte ? String.fromCharCode(code) : encodeRune(code))
    from = slash + 1 + length
  }
}

function escapeAt(inner: string, from: number, quote: string, at: number) {
  const first = inner.charAt(from)
  const simple = first === quote ? quote.charCodeAt(0) : SIMPLE[first]
  if (simple !== undefined) return { code: simple, isByte: true, length: 1 }
  NUMERIC.lastIndex = from
  const [whole = '', byte, short, long, octal] = NUMERIC.exec(inner) ?? []
  const code = octal === undefined ? parseInt(byte ?? short ?? long ?? '', 16) : parseInt(octal, 8)
  const isByte = byte !== undefined || octal !== undefined
  const fits = isByte ? code <= 0xff : code <= 0x10ffff && (code < 0xd800 || code > 0xdfff)
  if (!fits) throw new Fault('an escape that Go does not know', at)
  return { code, isByte, length: whole.length }
}

export function characterOf({ text, at }: Token): NumberNode {
  const inner = text.slice(1, -1)
  const escaped = inner.startsWith('\\') ? escapeAt(inner, 1, "'", at) : undefined
  const code = escaped?.code ?? inner.codePointAt(0) ?? 0
  const length = escaped ? escaped.length + 1 : String.fromCodePoint(code).length
  if (inner.length !== length) throw new Fault('a character constant holds one character', at)
  return { kind: 'number', at, ideal: int(code), int: BigInt(code) }
}

/** Go's number literals, except imaginary ones and floats that are hexadecimal or have `_`. */
export function numberOf({ text, at }: Token): NumberNode {
  const integer = integerOf(text)
  if (integer === 'overflow') throw new Fault('an integer that overflows int', at)
  if (integer !== undefined)
    return { kind: 'number', at, ideal: looksFloat(text) ? Number(integer) : int(integer), int: integer }
  // Without these a number that is no integer is not well formed, such as 089.
  const float = /[.eE]/.test(text) ? floatOf(text) : undefined
  if (float === undefined) throw new Fault('a number that is not supported', at)
  return { kind: 'number', at, ideal: float, int: Number.isSafeInteger(float) ? BigInt(float) : undefined }
}

/** The `e` of `-0x1e` makes it a float in Go, whose look for a hexadecimal integer forgets the sign. */
const looksFloat = (text: string): boolean => /[eE]/.test(text) && !/^0[xX]/.test(text)
