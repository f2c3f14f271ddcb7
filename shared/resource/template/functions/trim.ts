import { runeAt, runeBefore, runes, sizeOf } from '../text.ts'

/** Go's strings.TrimFunc: takes characters from both ends while they fit. */
function trimBy(text: string, fits: (rune: number) => boolean): string {
  let from = 0
  while (from < text.length && fits(runeAt(text, from))) from += sizeOf(runeAt(text, from))
  let to = text.length
  while (to > from && fits(runeBefore(text, to))) to -= sizeOf(runeBefore(text, to))
  return text.slice(from, to)
}

/** Unicode's white space, as Go's unicode.IsSpace has it. */
const SPACES: ReadonlySet<number> = new Set([
  ...[0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x20, 0x85, 0xa0, 0x1680],
  ...[0x2000, 0x2001, 0x2002, 0x2003, 0x2004, 0x2005, 0x2006, 0x2007, 0x2008, 0x2009, 0x200a],
  ...[0x2028, 0x2029, 0x202f, 0x205f, 0x3000],
])

export const trimSpace = (text: string): string => trimBy(text, (rune) => SPACES.has(rune))

export function trimAll(text: string, characters: string): string {
  // A byte that is no character counts as U+FFFD here.
  const known = (rune: number) => (rune < 0 ? 0xfffd : rune)
  const set = new Set(Array.from(runes(characters), ([rune]) => known(rune)))
  return trimBy(text, (rune) => set.has(known(rune)))
}
