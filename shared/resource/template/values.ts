import { type Budget, spendSteps } from './budget.ts'

/** The types of Go that a template can meet. The name tells them apart where Go does: `add` gives an int64, `repeat` takes an int. */
export interface Int {
  readonly type: 'int' | 'int64' | 'uint8'
  readonly n: bigint
}

export interface List {
  readonly type: 'list'
  readonly of: 'string' | 'int' | 'any'
  readonly items: readonly Value[]
}

/** A Go map with string keys: of strings (the sealed values) or of anything (`dict`, `fromJson`). */
export interface Dict {
  readonly type: 'dict'
  readonly of: 'string' | 'any'
  readonly entries: ReadonlyMap<string, Value>
}

/**
 * Strings have a character a byte (text.ts); a number is a float64. `undefined` is what a missing key gives (Go's invalid
 * reflect.Value); `null` is a nil that stands in a list, a dict or an argument.
 */
export type Value = string | boolean | number | Int | List | Dict | null | undefined

export const int = (n: bigint | number): Int => ({ type: 'int', n: BigInt(n) })
export const int64 = (n: bigint): Int => ({ type: 'int64', n: BigInt.asIntN(64, n) })
export const list = (items: readonly Value[], of: List['of'] = 'any'): List => ({ type: 'list', of, items })
export const dict = (entries: ReadonlyMap<string, Value>, of: Dict['of'] = 'any'): Dict => ({
  type: 'dict',
  of,
  entries,
})

export const isNil = (value: Value): value is null | undefined => value === null || value === undefined

const isObject = (value: Value): value is Int | List | Dict => typeof value === 'object' && value !== null
export const isList = (value: Value): value is List => isObject(value) && value.type === 'list'
export const isDict = (value: Value): value is Dict => isObject(value) && value.type === 'dict'
export const isInt = (value: Value): value is Int => isObject(value) && !isList(value) && !isDict(value)

/** Go's maps are ranged over and printed in the order of their keys. */
export function sortedKeys(budget: Budget, { entries }: Dict): string[] {
  spendSteps(budget, entries.size)
  return [...entries.keys()].sort()
}

/** "The empty values are false, 0, any nil, and any array, slice, map, or string of length zero." (text/template) */
export function isTrue(value: Value): boolean {
  if (isList(value)) return value.items.length > 0
  if (isDict(value)) return value.entries.size > 0
  if (isInt(value)) return value.n !== 0n
  // Unlike in JavaScript, NaN is true.
  if (typeof value === 'number') return value !== 0
  return Boolean(value)
}
