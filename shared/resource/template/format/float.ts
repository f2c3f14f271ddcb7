import { misfit, pad, signOf, type Verb } from './verb.ts'

/** Go's format.go, fmtFloat, for `%v`, `%g` and `%f`. All floats of the language are finite. */
export function formatFloat(value: number, verb: Verb): string {
  const { letter, flags, width, precision } = verb
  const open = letter === 'v' || letter === 'g'
  if (flags.includes('#') || (open && precision !== undefined) || !'vgfF'.includes(letter)) throw misfit()
  const negative = value < 0 || Object.is(value, -0)
  const size = Math.abs(value)
  const digits = open ? shortestFloat(size) : fixedFloat(size, precision ?? 6)
  const sign = signOf(negative, verb)
  if (!flags.includes('0') || flags.includes('-')) return pad(sign + digits, verb, false)
  // The sign stands before the zeros.
  return sign + digits.padStart(width - sign.length, '0')
}

/** strconv's `g` with the fewest digits: exponents from -4 to 5 are written out. Both languages find the same digits. */
function shortestFloat(size: number): string {
  const [mantissa = '', exponent = ''] = size.toExponential().split('e')
  const e = Number(exponent)
  const digits = mantissa.replace('.', '')
  if (e < -4 || e >= 6) return `${mantissa}e${e < 0 ? '-' : '+'}${String(Math.abs(e)).padStart(2, '0')}`
  if (e < 0) return `0.${'0'.repeat(-e - 1)}${digits}`
  const whole = digits.slice(0, e + 1).padEnd(e + 1, '0')
  return digits.length > e + 1 ? `${whole}.${digits.slice(e + 1)}` : whole
}

/** `%.2f` of the exact binary value, rounded half to even as Go does; JavaScript's toFixed rounds half up. */
function fixedFloat(size: number, precision: number): string {
  const bits = new DataView(new ArrayBuffer(8))
  bits.setFloat64(0, size)
  const raw = bits.getBigUint64(0)
  const biased = Number(raw >> 52n)
  const fraction = raw & ((1n << 52n) - 1n)
  const mantissa = biased === 0 ? fraction : fraction | (1n << 52n)
  const exponent = Math.max(biased, 1) - 1075
  const scaled = roundedShift(mantissa * 10n ** BigInt(precision), exponent)
  const digits = scaled.toString().padStart(precision + 1, '0')
  const point = digits.length - precision
  return precision === 0 ? digits : `${digits.slice(0, point)}.${digits.slice(point)}`
}

/** n · 2^exponent, rounded half to even. */
function roundedShift(n: bigint, exponent: number): bigint {
  if (exponent >= 0) return n << BigInt(exponent)
  const shift = BigInt(-exponent)
  const down = n >> shift
  const rest = n - (down << shift)
  const half = 1n << (shift - 1n)
  return rest > half || (rest === half && down % 2n === 1n) ? down + 1n : down
}
