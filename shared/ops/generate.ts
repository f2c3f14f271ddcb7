import type { Random } from '../crypto/xwing.ts'

const BYTES = 256

/**
 * A value of `length` characters, each drawn from `charset` with the same chance: bytes beyond the last whole multiple of
 * its size are drawn again, for a remainder alone would favour the first characters.
 */
export function generateValue(length: number, charset: string, random: Random): string {
  const characters = [...charset]
  if (characters.length < 2 || characters.length > BYTES) throw new RangeError('between 2 and 256 characters')
  const limit = BYTES - (BYTES % characters.length)
  let value = ''
  for (let made = 0; made < length; )
    for (const byte of random(length - made)) {
      if (byte >= limit) continue
      value += characters[byte % characters.length]
      made += 1
    }
  return value
}
