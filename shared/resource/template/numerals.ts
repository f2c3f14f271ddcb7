const INTEGER =
  /^[+-]?(?:0|[1-9](?:_?\d)*|0(?:_?[0-7])+|0[xX](?:_?[\da-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+)$/
const FLOAT = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/
const LIMIT = 1n << 63n
/** A longer number has leading zeros or overflows. */
const MAX_LENGTH = 200

/** strconv.ParseInt with base 0 and 64 bits: a prefix says the base, `_` may stand between digits. */
export function integerOf(text: string): bigint | 'overflow' | undefined {
  if (text.length > MAX_LENGTH || !INTEGER.test(text)) return undefined
  const digits = text.replace(/^[+-]/, '').replaceAll('_', '')
  const size = BigInt(/^0\d/.test(digits) ? `0o${digits.slice(1)}` : digits)
  const n = text.startsWith('-') ? -size : size
  return n >= LIMIT || n < -LIMIT ? 'overflow' : n
}

/** strconv.ParseFloat of a decimal number; hexadecimal ones, infinities and NaN are left out. */
export function floatOf(text: string): number | undefined {
  const float = text.length <= MAX_LENGTH && FLOAT.test(text) ? Number(text) : Number.NaN
  return Number.isFinite(float) ? float : undefined
}
