import { primitives } from '#primitives'
import { Fault } from '../fault.ts'
import { sprint } from '../format/display.ts'
import { isPrint } from '../format/quote.ts'
import { encodeRune, runes, sizeOf, toBytes } from '../text.ts'
import { type Func, func, variadic } from './signature.ts'

/** Bytes to text that others read: sprig's base64 and digest, text/template's escapers. */
export const ENCODINGS: Readonly<Record<string, Func>> = {
  b64enc: func(['string'], (_, text) => btoa(text)),
  b64dec: func(['string'], (_, text) => decodeBase64(text)),
  sha256sum: func(['string'], (_, text) => hex(primitives.sha256(toBytes(text)))),
  html: variadic([], 'present', (budget, ...values) => escapeHtml(sprint(values, budget))),
  js: variadic([], 'present', (budget, ...values) => escapeJs(sprint(values, budget))),
  urlquery: variadic([], 'present', (budget, ...values) => escapeQuery(sprint(values, budget))),
}

const hex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')

/** Go's base64.StdEncoding: line ends do not count, padding does. `atob` alone would take more. */
function decodeBase64(text: string): string {
  const plain = text.replace(/[\r\n]/g, '')
  if (plain.length % 4 !== 0 || /[^A-Za-z0-9+/=]|=[^=]|===/.test(plain)) throw new Fault('it is not base64')
  return atob(plain)
}

const HTML: Readonly<Record<string, string>> = {
  '\0': encodeRune(0xfffd),
  '"': '&#34;',
  "'": '&#39;',
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
}

const escapeHtml = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: Go replaces the null byte
  text.replace(/[\x00"'&<>]/g, (character) => HTML[character] ?? '')

/** Go's JSEscape, for what stands between the quotes of a JavaScript string. */
function escapeJs(text: string): string {
  const parts: string[] = []
  for (const [rune, at] of runes(text)) {
    const plain = text.slice(at, at + sizeOf(rune))
    if (rune === 0x5c || rune === 0x27 || rune === 0x22) parts.push(`\\${plain}`)
    // Go looks up U+FFFD for a byte that is no character, finds that it prints, and leaves the byte.
    else if (rune < 0 || rune === 0x7f || (isPrint(rune) && !'<>&='.includes(plain))) parts.push(plain)
    else parts.push(`\\u${rune.toString(16).toUpperCase().padStart(4, '0')}`)
  }
  return parts.join('')
}

/** Go's url.QueryEscape. */
const escapeQuery = (text: string): string =>
  text.replace(/[^A-Za-z0-9\-_.~]/g, (byte) =>
    byte === ' ' ? '+' : `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  )
