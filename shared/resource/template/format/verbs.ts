import { affordBytes, type Budget, deeper, spendBytes, spendSteps } from '../budget.ts'
import { Fault } from '../fault.ts'
import { runes } from '../text.ts'
import { type Dict, isDict, isInt, isList, isNil, type List, sortedKeys, type Value } from '../values.ts'
import { formatFloat } from './float.ts'
import { formatInt } from './integer.ts'
import { quoted } from './quote.ts'
import { misfit, pad, type Verb } from './verb.ts'

/** A value by a verb, as Go's fmt prints it; what would print Go's `%!verb(type=value)` or `<nil>` is refused. */
export function formatted(value: Value, verb: Verb, budget: Budget): string {
  spendSteps(budget)
  if (isNil(value)) throw new Fault('nothing to print: a nil')
  affordBytes(budget, verb.width)
  const text =
    isList(value) || isDict(value)
      ? deeper(budget, () => container(value, verb, budget))
      : scalar(value, verb)
  spendBytes(budget, text.length)
  return text
}

function container(value: List | Dict, verb: Verb, budget: Budget): string {
  const format = (item: Value) => formatted(item, verb, budget)
  if (isList(value)) return `[${value.items.map(format).join(' ')}]`
  const entry = (key: string) => `${format(key)}:${format(value.entries.get(key))}`
  return `map[${sortedKeys(budget, value).map(entry).join(' ')}]`
}

function scalar(value: Exclude<Value, List | Dict | null | undefined>, verb: Verb): string {
  if (typeof value === 'string') return formatString(value, verb)
  if (isInt(value)) return formatInt(value, verb)
  if (typeof value === 'boolean' && 'tv'.includes(verb.letter)) return pad(String(value), verb)
  if (typeof value === 'number') return formatFloat(value, verb)
  throw misfit()
}

function formatString(value: string, verb: Verb): string {
  const { letter, flags, precision } = verb
  if (letter === 'x' || letter === 'X') return hexadecimal(value, verb)
  if (letter !== 's' && letter !== 'v' && letter !== 'q') throw misfit()
  if (letter !== 's' && flags.includes('#')) throw misfit()
  const text = precision === undefined ? value : cut(value, precision)
  return pad(letter === 'q' ? quoted(text, flags.includes('+')) : text, verb)
}

function cut(text: string, count: number): string {
  let left = count
  for (const [, at] of runes(text)) if (--left < 0) return text.slice(0, at)
  return text
}

/** `%x`: two digits a byte; `% x` has spaces between them, `%#x` begins with 0x, `%# x` has it for each. */
function hexadecimal(value: string, verb: Verb): string {
  const { letter, flags, precision = value.length } = verb
  const bytes = Array.from(value.slice(0, precision), (byte) =>
    byte.charCodeAt(0).toString(16).padStart(2, '0'),
  )
  const prefix = flags.includes('#') && bytes.length > 0 ? '0x' : ''
  const text = flags.includes(' ') ? bytes.map((byte) => prefix + byte).join(' ') : prefix + bytes.join('')
  return pad(letter === 'X' ? text.toUpperCase() : text, verb)
}
