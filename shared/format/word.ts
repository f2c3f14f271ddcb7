/** What YAML 1.1 or 1.2 readers take for a boolean or null, in small letters. */
const RESERVED = new Set(['y', 'n', 'yes', 'no', 'on', 'off', 'true', 'false', 'null'])

/**
 * A plain scalar that every YAML reader takes for the text that it is, told by its letters: `shop`, `app.kubernetes.io/name`.
 * Most scalars are such words, and the patterns of all types take longer to compile than the rest of a short command runs.
 */
export const isWord = (text: string): boolean =>
  /^[A-Za-z][-\w./+=]*$/.test(text) && !RESERVED.has(text.toLowerCase())

/** A character that no number and no date has, in any notation. */
const OF_TEXT = /[^\dA-FXOINTZa-fxointz_.:+\- \t]/

/** A plain scalar that no reader takes for another type, whatever else it holds: `https://shop/`, base64. False where unsure. */
export const isText = (text: string): boolean =>
  isWord(text) || (OF_TEXT.test(text) && text !== '~' && !RESERVED.has(text.toLowerCase()))
