/** What YAML 1.1 or 1.2 readers take for a boolean or null, in small letters. */
const RESERVED = new Set(['y', 'n', 'yes', 'no', 'on', 'off', 'true', 'false', 'null'])

/**
 * A plain scalar that every YAML reader takes for the text that it is, told by its letters: `shop`, `app.kubernetes.io/name`.
 * Most scalars are such words, and the patterns of all types take longer to compile than the rest of a short command runs.
 */
export const isWord = (text: string): boolean =>
  /^[A-Za-z][-\w./+=]*$/.test(text) && !RESERVED.has(text.toLowerCase())
