import { encodeRune } from '../text.ts'
import type { Int } from '../values.ts'
import { misfit, pad, signOf, type Verb } from './verb.ts'

const BASES: Readonly<Record<string, number>> = { v: 10, d: 10, x: 16, X: 16, o: 8, b: 2 }
const PREFIXES: Readonly<Record<string, string>> = { x: '0x', X: '0x', o: '0', b: '0b' }

/** Go's format.go, fmtInteger. */
export function formatInt({ n }: Int, verb: Verb): string {
  const { letter, flags, width, precision } = verb
  if (letter === 'c') return pad(encodeRune(n < 0n || n > 0x10ffffn ? -1 : Number(n)), verb)
  const base = BASES[letter]
  if (base === undefined || (letter === 'v' && flags.includes('#'))) throw misfit()
  // "Precision of 0 and value of 0 means print nothing but padding."
  if (precision === 0 && n === 0n) return ' '.repeat(width)
  const sign = signOf(n < 0n, verb)
  const filled = flags.includes('0') && !flags.includes('-') ? width - sign.length : 0
  const digits = (n < 0n ? -n : n).toString(base).padStart(precision ?? filled, '0')
  let prefix = flags.includes('#') ? (PREFIXES[letter] ?? '') : ''
  if (letter === 'o' && digits.startsWith('0')) prefix = ''
  const text = prefix + digits
  return pad(sign + (letter === 'X' ? text.toUpperCase() : text), verb, false)
}
