import { Fault } from '../fault.ts'
import { KEYWORDS, type Kind, type Token } from './token.ts'

/** Letters and digits of all scripts, as Go's unicode.IsLetter and IsDigit have them. */
const WORD = /[\p{L}\p{Nd}_]+/uy
const NUMBER =
  /[+-]?(?:0[xX][\da-fA-F_]*(?:\.[\da-fA-F_]*)?(?:[pP][+-]?[\d_]*)?|0[oObB][\d_]*|[\d_]*(?:\.[\d_]*)?(?:[eE][+-]?[\d_]*)?)/y
const MARKS: readonly Kind[] = ['(', ')', '|', ',', '=', ':=']

/** The token at a place inside an action that is neither white space nor the action's end. */
export function lexAction(text: string, at: number, spaced: boolean): Token {
  const token = (kind: Kind, length: number): Token => ({
    kind,
    at,
    text: text.slice(at, at + length),
    spaced,
  })
  const mark = MARKS.find((each) => text.startsWith(each, at))
  if (mark) return token(mark, mark.length)
  const first = text.charAt(at)
  if (first === '"') return token('string', quoted(text, at))
  if (first === "'") return token('character', quoted(text, at))
  if (first === '`') return token('string', raw(text, at))
  if (/[-+\d]/.test(first) || (first === '.' && /\d/.test(text.charAt(at + 1))))
    return token('number', number(text, at))
  const sigil = first === '$' || first === '.' ? first : ''
  const word = match(WORD, text, at + sigil.length)
  if (sigil + word === '') throw new Fault('a character that has no meaning in an action', at)
  mustEnd(text, at + sigil.length + word.length)
  return token(kindOf(sigil, word), sigil.length + word.length)
}

function kindOf(sigil: string, word: string): Kind {
  if (sigil === '$') return 'variable'
  if (sigil === '.') return word === '' ? '.' : 'field'
  if (word === 'true' || word === 'false') return 'bool'
  return KEYWORDS.find((each) => each === word) ?? 'identifier'
}

/** What may follow a word: `$x+2` is refused, in case Go adds arithmetic one day. */
function mustEnd(text: string, at: number): void {
  if (at < text.length && !/[ \t\r\n.,|:()]/.test(text.charAt(at)) && !text.startsWith('}}', at))
    throw new Fault('a character that cannot follow a word', at)
}

function number(text: string, at: number): number {
  const { length } = match(NUMBER, text, at)
  const next = text.charAt(at + length)
  if (/[-+]/.test(next) || match(WORD, text, at + length) !== '')
    throw new Fault('a number that is not well formed', at)
  return length
}

/** By hand: a regular expression may run out of stack on a long literal. */
function quoted(text: string, at: number): number {
  const quote = text.charAt(at)
  for (let i = at + 1; i < text.length && text.charAt(i) !== '\n'; i++) {
    if (text.charAt(i) === quote) return i + 1 - at
    if (text.charAt(i) === '\\' && text.charAt(i + 1) !== '\n') i++
  }
  throw new Fault('the quotes are not closed', at)
}

function raw(text: string, at: number): number {
  const end = text.indexOf('`', at + 1)
  if (end < 0) throw new Fault('the quotes are not closed', at)
  return end + 1 - at
}

function match(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at
  return pattern.exec(text)?.[0] ?? ''
}
