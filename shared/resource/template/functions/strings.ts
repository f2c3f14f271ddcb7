import { affordBytes, type Budget, spendSteps } from '../budget.ts'
import { Fault } from '../fault.ts'
import { textOf, textsOf } from '../format/display.ts'
import { dict, isList, list } from '../values.ts'
import { lower, upper } from './letters.ts'
import { contains, pieces } from './search.ts'
import { type Func, func } from './signature.ts'
import { trimAll, trimSpace } from './trim.ts'

/** sprig's functions over strings. The string that they work on comes last, so that it can be piped in. */
export const STRINGS: Readonly<Record<string, Func>> = {
  trim: func(['string'], (_, text) => trimSpace(text)),
  trimAll: func(['string', 'string'], (_, characters, text) => trimAll(text, characters)),
  trimPrefix: func(['string', 'string'], (_, prefix, text) =>
    text.startsWith(prefix) ? text.slice(prefix.length) : text,
  ),
  trimSuffix: func(['string', 'string'], (_, suffix, text) =>
    text.endsWith(suffix) ? text.slice(0, text.length - suffix.length) : text,
  ),
  upper: func(['string'], (_, text) => upper(text)),
  lower: func(['string'], (_, text) => lower(text)),
  contains: func(['string', 'string'], (_, part, text) => contains(text, part)),
  hasPrefix: func(['string', 'string'], (_, prefix, text) => text.startsWith(prefix)),
  hasSuffix: func(['string', 'string'], (_, suffix, text) => text.endsWith(suffix)),
  replace: func(['string', 'string', 'string'], (budget, old, by, text) => replace(budget, text, old, by)),
  repeat: func(['int', 'string'], (budget, count, text) => repeat(budget, text, count.n)),
  indent: func(['int', 'string'], (budget, spaces, text) => indent(budget, text, spaces.n)),
  nindent: func(['int', 'string'], (budget, spaces, text) => `\n${indent(budget, text, spaces.n)}`),
  trunc: func(['int', 'string'], (_, count, text) => trunc(text, Number(count.n))),
  substr: func(['int', 'int', 'string'], (_, from, to, text) => substr(text, Number(from.n), Number(to.n))),
  splitList: func(['string', 'string'], (budget, separator, text) =>
    list(splitUp(budget, text, separator), 'string'),
  ),
  split: func(['string', 'string'], (budget, separator, text) =>
    dict(new Map(splitUp(budget, text, separator).map((part, i) => [`_${i}`, part])), 'string'),
  ),
  join: func(['string', 'present'], (budget, separator, value) => {
    const texts = isList(value) ? textsOf(value.items, budget) : [textOf(value, budget)]
    affordBytes(budget, separator.length * texts.length + texts.reduce((sum, text) => sum + text.length, 0))
    return texts.join(separator)
  }),
}

function replace(budget: Budget, text: string, old: string, by: string): string {
  const between = [...pieces(text, old)]
  // Go replaces nothing before every character and at the end.
  const parts = old === '' ? ['', ...between, ''] : between
  affordBytes(budget, text.length + parts.length * by.length)
  return parts.join(by)
}

function repeat(budget: Budget, text: string, count: bigint): string {
  if (count < 0n) throw new Fault('a negative count')
  affordBytes(budget, Number(count) * text.length)
  return text === '' ? '' : text.repeat(Number(count))
}

function indent(budget: Budget, text: string, spaces: bigint): string {
  const padding = repeat(budget, ' ', spaces)
  return padding + replace(budget, text, '\n', `\n${padding}`)
}

/** By bytes; a negative count keeps the end. */
function trunc(text: string, count: number): string {
  if (count < 0) return text.length + count > 0 ? text.slice(count) : text
  return text.slice(0, count)
}

/** By bytes. Go panics where an index is out of range. */
function substr(text: string, start: number, end: number): string {
  const from = Math.max(start, 0)
  const to = start >= 0 && (end < 0 || end > text.length) ? text.length : end
  if (from > to || to > text.length) throw new Fault('an index is out of range')
  return text.slice(from, to)
}

function splitUp(budget: Budget, text: string, separator: string): string[] {
  const parts: string[] = []
  for (const part of pieces(text, separator)) {
    spendSteps(budget)
    parts.push(part)
  }
  return parts
}
