import { encodeRune, isAscii, runes } from '../text.ts'

/**
 * Go maps each character to one other (Unicode's simple mapping), JavaScript some to several: `ß` to `SS`. These have a
 * simple mapping besides: Greek letters with an iota below, to the capital with the iota beside.
 */
function simple(rune: number, mapped: string): number {
  const code = mapped.codePointAt(0) ?? rune
  if (String.fromCodePoint(code) === mapped) return code
  if (rune === 0x130) return 0x69
  if (rune >= 0x1f80 && rune <= 0x1faf) return rune | 8
  return rune === 0x1fb3 || rune === 0x1fc3 || rune === 0x1ff3 ? rune + 9 : rune
}

const mapped = (text: string, change: (character: string) => string): string => {
  // Only of ASCII are bytes characters.
  if (isAscii(text)) return change(text)
  const parts: string[] = []
  for (const [rune] of runes(text))
    parts.push(encodeRune(rune < 0 ? rune : simple(rune, change(String.fromCodePoint(rune)))))
  return parts.join('')
}

export const upper = (text: string): string => mapped(text, (character) => character.toUpperCase())
export const lower = (text: string): string => mapped(text, (character) => character.toLowerCase())
