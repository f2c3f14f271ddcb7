import { type Budget, deeper, spendBytes, spendSteps } from '../budget.ts'
import { Fault } from '../fault.ts'
import { textOf, textsOf } from '../format/display.ts'
import { isDict, isInt, isList, isNil, isTrue, type List, list, type Value } from '../values.ts'
import { toInteger } from './numbers.ts'
import { type Func, func, variadic } from './signature.ts'

const listOf: Func = variadic([], 'any', (_, ...values) => list(values))

/** sprig's lists. None changes the list that it is given. */
export const LISTS: Readonly<Record<string, Func>> = {
  list: listOf,
  tuple: listOf,
  first: func(['list'], (_, { items }) => items[0]),
  last: func(['list'], (_, { items }) => items.at(-1)),
  rest: func(['list'], (_, value) => list(filled(value).slice(1))),
  initial: func(['list'], (_, value) => list(filled(value).slice(0, -1))),
  slice: variadic(['list'], 'present', (_, { items, of }, ...range) =>
    slice(items, of, range.map(toInteger)),
  ),
  append: func(['list', 'any'], (_, { items }, value) => list([...items, value])),
  prepend: func(['list', 'any'], (_, { items }, value) => list([value, ...items])),
  concat: variadic([], 'list', (_, ...lists) => list(filled(list(lists.flatMap(({ items }) => items))))),
  reverse: func(['list'], (_, { items }) => list([...items].reverse())),
  compact: func(['list'], (_, { items }) => list(items.filter(isTrue))),
  uniq: func(['list'], (budget, { items }) => list(unique(budget, items))),
  without: variadic(['list'], 'any', (budget, { items }, ...others) =>
    list(items.filter((item) => !includes(budget, others, item))),
  ),
  has: func(['any', 'list'], (budget, value, { items }) => includes(budget, items, value)),
  sortAlpha: func(['present'], (budget, value) =>
    list(sorted(budget, isList(value) ? textsOf(value.items, budget) : [textOf(value, budget)]), 'string'),
  ),
}

/** Go gives a nil list for these, which is neither `[]` nor missing. */
function filled({ items }: List): readonly Value[] {
  if (items.length === 0) throw new Fault('the list is empty')
  return items
}

/** sprig's, which hides text/template's own `slice`: a string is refused. */
function slice(
  items: readonly Value[],
  of: List['of'],
  [from = 0n, to = BigInt(items.length)]: bigint[],
): Value {
  if (items.length === 0) return undefined
  if (from < 0n || from > to || to > BigInt(items.length)) throw new Fault('an index is out of range')
  return list(items.slice(Number(from), Number(to)), of)
}

function unique(budget: Budget, items: readonly Value[]): Value[] {
  const found: Value[] = []
  for (const item of items) if (!includes(budget, found, item)) found.push(item)
  return found
}

const includes = (budget: Budget, items: readonly Value[], value: Value): boolean =>
  items.some((item) => deepEqual(budget, item, value))

/** reflect.DeepEqual: the types must be the same too, so that an int never equals an int64. */
function deepEqual(budget: Budget, a: Value, b: Value): boolean {
  spendSteps(budget)
  if (isNil(a) || isNil(b)) return isNil(a) && isNil(b)
  if (isInt(a)) return isInt(b) && a.type === b.type && a.n === b.n
  if (isList(a)) {
    if (!isList(b) || a.of !== b.of || a.items.length !== b.items.length) return false
    return deeper(budget, () => a.items.every((item, i) => deepEqual(budget, item, b.items[i])))
  }
  if (isDict(a)) {
    if (!isDict(b) || a.of !== b.of || a.entries.size !== b.entries.size) return false
    return deeper(budget, () => {
      for (const [key, value] of a.entries)
        if (!b.entries.has(key) || !deepEqual(budget, value, b.entries.get(key))) return false
      return true
    })
  }
  if (typeof a === 'string') spendBytes(budget, a.length)
  return a === b
}

/** By bytes. Each text may be compared about log₂ n times. */
function sorted(budget: Budget, texts: readonly string[]): string[] {
  const rounds = Math.ceil(Math.log2(texts.length + 1))
  spendSteps(budget, texts.length * rounds)
  spendBytes(budget, texts.reduce((sum, text) => sum + text.length, 0) * rounds)
  return [...texts].sort()
}
