import { cannotEdit } from './spans.ts'

/** Replaces `text.slice(start, end)`. */
export interface Splice {
  start: number
  end: number
  text: string
}

/** Splices do not overlap; all of them speak of the text as it was. */
export function splice(text: string, splices: readonly Splice[]): string {
  return [...splices]
    .sort((a, b) => b.start - a.start || b.end - a.end)
    .reduce((result, { start, end, text: put }) => result.slice(0, start) + put + result.slice(end), text)
}

export const insertAt = (at: number, text: string): Splice => ({ start: at, end: at, text })

/** The line end of the text around `at`: the file's own. */
export const lineEndOf = (text: string): string => (text.includes('\r\n') ? '\r\n' : '\n')

export const lineStart = (text: string, at: number): number => text.lastIndexOf('\n', at - 1) + 1

/** What stands on the line before `at`, a byte order mark left out. */
export const before = (text: string, at: number): string =>
  text.slice(lineStart(text, at), at).replace(/^\uFEFF/, '')

export const isBlank = (text: string): boolean => /^[ \t]*$/.test(text)

/** The offset behind the line of `at`, line break included; nothing but a comment may follow on it. */
export function lineEnd(text: string, at: number): number {
  const rest = /[^\n]*\n?/y
  rest.lastIndex = at
  rest.test(text)
  if (!/^(?:[ \t]*|[ \t]+#.*)\r?\n?$/.test(text.slice(at, rest.lastIndex)))
    throw cannotEdit('something else stands on the same line')
  return rest.lastIndex
}

/** Takes out the lines from that of `from` to that of `end`; a text without a last line break stays one. */
export function removeLines(text: string, from: number, end: number): Splice {
  const start = lineStart(text, from)
  const stop = lineEnd(text, end)
  if (text.charAt(stop - 1) === '\n' || start === 0) return { start, end: stop, text: '' }
  return { start: start - (text.charAt(start - 2) === '\r' ? 2 : 1), end: stop, text: '' }
}

/** Puts lines below that of `at`. */
export function insertLines(text: string, at: number, lines: readonly string[]): Splice {
  const stop = lineEnd(text, at)
  const eol = lineEndOf(text)
  const put = lines.join(eol)
  return insertAt(stop, text.charAt(stop - 1) === '\n' ? `${put}${eol}` : `${eol}${put}`)
}
