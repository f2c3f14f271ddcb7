import type { Budget } from '../budget.ts'
import { isNil, type Value } from '../values.ts'
import { PLAIN } from './verb.ts'
import { formatted } from './verbs.ts'

/** What an action prints: Go's `%v`. */
export const display = (value: Value, budget: Budget): string => formatted(value, PLAIN, budget)

/** Go's fmt.Sprint: "Spaces are added between operands when neither is a string." */
export function sprint(values: readonly Value[], budget: Budget): string {
  let out = ''
  for (const [i, value] of values.entries()) {
    const spaced = i > 0 && typeof value !== 'string' && typeof values[i - 1] !== 'string'
    out += (spaced ? ' ' : '') + display(value, budget)
  }
  return out
}

/** sprig's strval: strings as they are, all else as `%v`. */
export const textOf = (value: Value, budget: Budget): string =>
  typeof value === 'string' ? value : display(value, budget)

/** sprig's strslice: the elements as texts without the nils; what is no list is a list of one. */
export const textsOf = (values: readonly Value[], budget: Budget): string[] =>
  values.filter((value) => !isNil(value)).map((value) => textOf(value, budget))
