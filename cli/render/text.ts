/** "1 file", "2 files". */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`

/** For a sentence that goes on after a colon. Names in capitals stay. */
export const lowerFirst = (text: string): string =>
  /^[A-Z][a-z ]/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text

const WIDTH = 92

/** Lines of at most `WIDTH` characters, broken at spaces. */
export function wrap(text: string): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > WIDTH) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line]
}

/**
 * What fits into a first line of that many characters, and the lines that are left of it: broken after a clause where one
 * ends in the second half, else at a space. A first word that does not fit stands alone.
 */
export function clauses(text: string, room: number): [string, string[]] {
  if (text.length <= room) return [text, []]
  const fits = text.slice(0, room + 1)
  const ends = [/.*[;:] /, /.*, /].map((clause) => clause.exec(fits)?.[0].length ?? 0)
  const end = ends.find((length) => length > room / 2) ?? (fits.lastIndexOf(' ') + 1 || text.indexOf(' ') + 1)
  return end === 0 ? [text, []] : [text.slice(0, end - 1), wrap(text.slice(end))]
}
