import { Fault } from '../fault.ts'
import { lexAction } from './lex-action.ts'
import type { Token } from './token.ts'

/** `{{- ` and ` -}}` take the white space before and after the action: these four characters. */
const SPACE = ' \t\r\n'
const isSpace = (text: string, at: number): boolean => at < text.length && SPACE.includes(text.charAt(at))

/**
 * The template's tokens, as they are asked for: a template that is too long is refused before all of it was read.
 * See "Text and spaces" and "Actions" in the documentation of Go's text/template.
 */
export function* lex(text: string): Generator<Token, Token> {
  for (let at = 0; at < text.length; ) {
    const found = text.indexOf('{{', at)
    const open = found < 0 ? text.length : found
    const trims = text.charAt(open + 2) === '-' && isSpace(text, open + 3)
    let end = open
    while (trims && end > at && isSpace(text, end - 1)) end--
    if (end > at) yield { kind: 'text', at, text: text.slice(at, end), spaced: false }
    if (open === text.length) break
    const inside = open + (trims ? 4 : 2)
    at = text.startsWith('/*', inside) ? comment(text, inside) : yield* action(text, open, inside)
  }
  return { kind: 'end of template', at: text.length, text: '', spaced: false }
}

function* action(text: string, open: number, inside: number): Generator<Token, number> {
  yield { kind: '{{', at: open, text: '{{', spaced: false }
  let at = inside
  for (;;) {
    const from = at
    while (isSpace(text, at)) at++
    const after = afterClose(text, at, at > from)
    if (after !== undefined) {
      yield { kind: '}}', at, text: '}}', spaced: at > from }
      return after
    }
    if (at >= text.length) throw new Fault('the action is not closed', open)
    const token = lexAction(text, at, at > from)
    yield token
    at += token.text.length
  }
}

function comment(text: string, at: number): number {
  const end = text.indexOf('*/', at + 2)
  if (end < 0) throw new Fault('the comment is not closed', at)
  const spaced = isSpace(text, end + 2)
  const after = afterClose(text, end + (spaced ? 3 : 2), spaced)
  if (after === undefined || (spaced && text.charAt(end + 3) !== '-'))
    throw new Fault('a comment ends with `*/}}` or `*/ -}}`', end)
  return after
}

/** Where the text goes on if the action ends here. */
function afterClose(text: string, at: number, spaced: boolean): number | undefined {
  if (text.startsWith('}}', at)) return at + 2
  if (!spaced || !text.startsWith('-}}', at)) return undefined
  let after = at + 3
  while (isSpace(text, after)) after++
  return after
}
