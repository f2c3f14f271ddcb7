import { isTrue, type Value } from '../values.ts'
import { type Func, func, variadic } from './signature.ts'

/** sprig's functions for what may be missing or empty; empty is what is not true. */
export const CHOICE: Readonly<Record<string, Func>> = {
  default: variadic(['any'], 'any', (_, fallback, value) => (isTrue(value) ? value : fallback)),
  empty: func(['any'], (_, value) => !isTrue(value)),
  coalesce: variadic([], 'any', (_, ...values: Value[]) => values.find(isTrue)),
  all: variadic([], 'any', (_, ...values: Value[]) => values.every(isTrue)),
  any: variadic([], 'any', (_, ...values: Value[]) => values.some(isTrue)),
  ternary: func(['any', 'any', 'bool'], (_, yes, no, condition) => (condition ? yes : no)),
}
