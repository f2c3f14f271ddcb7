import { Fault } from '../fault.ts'
import { isDict, isInt, isList, isNil, isTrue, type Value } from '../values.ts'
import { type Func, func, variadic } from './signature.ts'

/** The evaluator does these two itself, as they do not evaluate all of their arguments. */
const lazy: Func = variadic(['any'], 'any', () => undefined)

/** Text/template's own: truth and comparison. */
export const LOGIC: Readonly<Record<string, Func>> = {
  and: lazy,
  or: lazy,
  not: func(['any'], (_, value) => !isTrue(value)),
  eq: variadic(['any', 'any'], 'any', (_, value, ...others) => others.some((other) => equal(value, other))),
  ne: func(['any', 'any'], (_, a, b) => !equal(a, b)),
  lt: func(['any', 'any'], (_, a, b) => less(a, b)),
  le: func(['any', 'any'], (_, a, b) => less(a, b) || equal(a, b)),
  gt: func(['any', 'any'], (_, a, b) => !(less(a, b) || equal(a, b))),
  ge: func(['any', 'any'], (_, a, b) => !less(a, b)),
}

type Basic = 'string' | 'number' | 'boolean' | 'int' | undefined

/** Go's basicKind; all sizes of integers compare with each other. */
function basic(value: Value): Basic {
  if (isInt(value)) return 'int'
  return isNil(value) || isList(value) || isDict(value) ? undefined : (typeof value as Basic)
}

/** Go's eq: what has no value equals only its like; lists and maps compare with nothing else. */
function equal(a: Value, b: Value): boolean {
  if (isNil(a) || isNil(b)) return isNil(a) && isNil(b)
  const kind = basic(a)
  if (kind === undefined || kind !== basic(b)) throw new Fault('the types cannot be compared')
  return isInt(a) && isInt(b) ? a.n === b.n : a === b
}

function less(a: Value, b: Value): boolean {
  if (isInt(a) && isInt(b)) return a.n < b.n
  // Strings compare by their bytes, as they have a character each.
  if (typeof a === 'string' && typeof b === 'string') return a < b
  if (typeof a === 'number' && typeof b === 'number') return a < b
  throw new Fault('the types have no order')
}
