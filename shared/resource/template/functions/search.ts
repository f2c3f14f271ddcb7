import { runes, sizeOf } from '../text.ts'

/** Up to this length the engine's own search is fast whatever the pattern; beyond, it may take length times length. */
const SHORT = 32

type Search = (text: string, from: number) => number

function searchFor(pattern: string): Search {
  if (pattern.length <= SHORT) return (text, from) => text.indexOf(pattern, from)
  const table = prefixTable(pattern)
  return (text, from) => knuthMorrisPratt(text, pattern, table, from)
}

/** For each byte of the pattern how long the longest beginning of it is that ends there. */
function prefixTable(pattern: string): Uint32Array {
  const table = new Uint32Array(pattern.length)
  let length = 0
  for (let i = 1; i < pattern.length; i++) {
    while (length > 0 && pattern.charCodeAt(i) !== pattern.charCodeAt(length)) length = table[length - 1] ?? 0
    if (pattern.charCodeAt(i) === pattern.charCodeAt(length)) length++
    table[i] = length
  }
  return table
}

/** Linear: the text is read once, whatever the pattern is. */
function knuthMorrisPratt(text: string, pattern: string, table: Uint32Array, from: number): number {
  let matched = 0
  for (let i = from; i < text.length; i++) {
    while (matched > 0 && text.charCodeAt(i) !== pattern.charCodeAt(matched))
      matched = table[matched - 1] ?? 0
    if (text.charCodeAt(i) === pattern.charCodeAt(matched)) matched++
    if (matched === pattern.length) return i + 1 - matched
  }
  return -1
}

export const contains = (text: string, part: string): boolean => searchFor(part)(text, 0) >= 0

/** Go's strings.Split: what stands between the separators; of an empty one each character. */
export function* pieces(text: string, separator: string): Generator<string> {
  if (separator === '') {
    for (const [rune, at] of runes(text)) yield text.slice(at, at + sizeOf(rune))
    return
  }
  const search = searchFor(separator)
  let from = 0
  for (let at = search(text, 0); at >= 0; at = search(text, from)) {
    yield text.slice(from, at)
    from = at + separator.length
  }
  yield text.slice(from)
}
