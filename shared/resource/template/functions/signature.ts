import type { Budget } from '../budget.ts'
import { Fault } from '../fault.ts'
import { type Dict, type Int, isDict, isInt, isList, isNil, type List, type Value } from '../values.ts'

/** What Go's function takes there: `interface{}` is any; `present` is one too, but we do not let a missing key pass for text. */
interface ParamTypes {
  any: Value
  present: Exclude<Value, null | undefined>
  string: string
  int: Int
  bool: boolean
  list: List
  dict: Dict
}
export type Param = keyof ParamTypes

type Fixed<P extends readonly Param[]> = { [K in keyof P]: ParamTypes[P[K]] }

/** A function of the language. `rest` is the type of the arguments beyond the fixed ones, if it takes any. */
export interface Func {
  readonly params: readonly Param[]
  readonly rest?: Param
  run(budget: Budget, ...args: Value[]): Value
}

/** The evaluator calls a function only with what its signature accepts, so that its arguments may have those types. */
export function func<const P extends readonly Param[]>(
  params: P,
  run: (budget: Budget, ...args: Fixed<P>) => Value,
): Func {
  return { params, run: run as unknown as Func['run'] }
}

export function variadic<const P extends readonly Param[], R extends Param>(
  params: P,
  rest: R,
  run: (budget: Budget, ...args: [...Fixed<P>, ...ParamTypes[R][]]) => Value,
): Func {
  return { params, rest, run: run as unknown as Func['run'] }
}

/** Go's validateType: types must be the same, nothing is converted. */
export function accept(value: Value, param: Param, before: string): Value {
  if (param === 'any') return value ?? null
  if (isNil(value)) throw new Fault(`${before}is not there`)
  if (!CHECKS[param](value)) throw new Fault(`${before}must be ${NAMES[param]}`)
  return value
}

const CHECKS: Record<Exclude<Param, 'any'>, (value: Value) => boolean> = {
  present: () => true,
  string: (value) => typeof value === 'string',
  int: (value) => isInt(value) && value.type === 'int',
  bool: (value) => typeof value === 'boolean',
  list: isList,
  dict: (value) => isDict(value) && value.of === 'any',
}

const NAMES: Record<Exclude<Param, 'any'>, string> = {
  present: 'there',
  string: 'a string',
  int: 'an int',
  bool: 'a boolean',
  list: 'a list',
  dict: 'a map of `dict` or `fromJson`',
}
