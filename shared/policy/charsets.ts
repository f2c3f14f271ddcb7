const DIGITS = '0123456789'
const LOWER = 'abcdefghijklmnopqrstuvwxyz'
const UPPER = LOWER.toUpperCase()

/** Names of character sets in `generate`. Any other text stands for its own characters. */
export const CHARSETS: ReadonlyMap<string, string> = new Map([
  ['alnum', `${UPPER}${LOWER}${DIGITS}`],
  ['alpha', `${UPPER}${LOWER}`],
  ['lower', LOWER],
  ['upper', UPPER],
  ['digits', DIGITS],
  ['hex', `${DIGITS}abcdef`],
  ['base32', `${LOWER}234567`],
  ['base64url', `${UPPER}${LOWER}${DIGITS}-_`],
  // All that can be seen, blanks left out.
  ['ascii', Array.from({ length: 94 }, (_, i) => String.fromCharCode(0x21 + i)).join('')],
  // The same without what shells, YAML and connection strings trip over.
  ['symbols', `${UPPER}${LOWER}${DIGITS}!*+,-.=^_~`],
])

export const DEFAULT_CHARSET = 'alnum'
