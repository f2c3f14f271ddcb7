import { fromText, toText } from '../text.ts'

/**
 * Go maps each character to one other (Unicode's simple mapping), JavaScript some to several: `ß` to `SS`. These have a
 * simple mapping besides: Greek letters with an iota below, to the capital with the iota beside.
 */
function simple(character: string, mapped: string): string {
  if (mapped.length === character.length) return mapped
  const rune = character.codePointAt(0) ?? 0
  if (rune === 0x130) return 'i'
  if (rune >= 0x1f80 && rune <= 0x1faf) return String.fromCodePoint(rune | 8)
  if (rune === 0x1fb3 || rune === 0x1fc3 || rune === 0x1ff3) return String.fromCodePoint(rune + 9)
  return character
}

/** One by one, as JavaScript also looks at the neighbours of a sigma. */
const mapped = (text: string, change: (character: string) => string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII is meant
  fromText(toText(text).replace(/[\x00-\x7f]+|[^\x00-\x7f]/gu, (part) => simple(part, change(part))))

export const upper = (text: string): string => mapped(text, (character) => character.toUpperCase())
export const lower = (text: string): string => mapped(text, (character) => character.toLowerCase())
