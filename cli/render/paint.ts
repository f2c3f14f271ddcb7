/** ANSI colours, or none. */
export type Style = 'red' | 'yellow' | 'green' | 'cyan' | 'dim' | 'bold'
export type Paint = (style: Style, text: string) => string

const CODES: Record<Style, number> = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 }

const plain: Paint = (_style, text) => text
const ansi: Paint = (style, text) => `\u001b[${CODES[style]}m${text}\u001b[0m`

export type ColorWhen = 'auto' | 'always' | 'never'

/** https://no-color.org: a NO_COLOR that is not empty; `--color` is said here and now, so it wins. */
export function choosePaint(when: ColorWhen, isTty: boolean, env: NodeJS.ProcessEnv): Paint {
  if (when !== 'auto') return when === 'always' ? ansi : plain
  return isTty && !env.NO_COLOR && env.TERM !== 'dumb' ? ansi : plain
}

/**
 * Texts from files are shown on a terminal: what could move its cursor, or turn the direction of writing, is replaced.
 */
export const printable = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the point
  text.replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g, '?')
