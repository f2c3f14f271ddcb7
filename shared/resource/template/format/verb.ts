import { Fault } from '../fault.ts'
import { runeCount } from '../text.ts'

/** One `%…` of a format: its letter, flags, width and precision. */
export interface Verb {
  readonly letter: string
  readonly flags: string
  readonly width: number
  readonly precision: number | undefined
}

export const PLAIN: Verb = { letter: 'v', flags: '', width: 0, precision: undefined }

/** Go would print `%!d(string=…)` with the value in it. The verb is not told either: a format may be a value. */
export const misfit = (): Fault =>
  new Fault('a verb of the format, or one of its flags, does not suit its argument')

/** "Width is measured in units of Unicode code points." */
export function pad(text: string, { flags, width }: Verb, zeros = flags.includes('0')): string {
  const missing = width === 0 ? 0 : width - runeCount(text)
  if (missing <= 0) return text
  if (flags.includes('-')) return text + ' '.repeat(missing)
  return (zeros ? '0' : ' ').repeat(missing) + text
}

/** `+` and ` ` ask for a sign of positive numbers; with `%v` they mean nothing. */
export function signOf(negative: boolean, { letter, flags }: Verb): string {
  if (negative) return '-'
  if (flags.includes('+') && letter !== 'v') return '+'
  return flags.includes(' ') ? ' ' : ''
}
