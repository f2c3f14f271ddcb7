import { type Budget, spendSteps } from '../budget.ts'
import { Fault } from '../fault.ts'
import { floatOf, integerOf } from '../numerals.ts'
import { type Int, int, int64, isInt, list, type Value } from '../values.ts'
import { type Func, func, variadic } from './signature.ts'

type Present = Exclude<Value, null | undefined>

/** sprig's arithmetic, which works on int64 whatever it is given. */
export const NUMBERS: Readonly<Record<string, Func>> = {
  int: func(['present'], (_, value) => int(toInteger(value))),
  int64: func(['present'], (_, value) => int64(toInteger(value))),
  float64: func(['present'], (_, value) => toFloat(value)),
  atoi: func(['string'], (_, text) => int(decimal(text))),
  add: variadic([], 'present', (_, ...values) => fold(0n, values, (a, b) => a + b)),
  add1: func(['present'], (_, value) => int64(toInteger(value) + 1n)),
  sub: func(['present', 'present'], (_, a, b) => int64(toInteger(a) - toInteger(b))),
  mul: variadic(['present'], 'present', (_, first, ...values) =>
    fold(toInteger(first), values, (a, b) => a * b),
  ),
  div: func(['present', 'present'], (_, a, b) => int64(toInteger(a) / divisor(b))),
  mod: func(['present', 'present'], (_, a, b) => int64(toInteger(a) % divisor(b))),
  max: variadic(['present'], 'present', (_, first, ...values) => fold(toInteger(first), values, larger)),
  min: variadic(['present'], 'present', (_, first, ...values) => fold(toInteger(first), values, smaller)),
  floor: func(['present'], (_, value) => Math.floor(toFloat(value))),
  ceil: func(['present'], (_, value) => Math.ceil(toFloat(value))),
  until: func(['int'], (budget, { n }) => list(steps(budget, 0n, n, n < 0n ? -1n : 1n), 'int')),
  untilStep: func(['int', 'int', 'int'], (budget, start, stop, step) =>
    list(steps(budget, start.n, stop.n, step.n), 'int'),
  ),
}

const larger = (a: bigint, b: bigint): bigint => (b > a ? b : a)
const smaller = (a: bigint, b: bigint): bigint => (b < a ? b : a)

/** int64 after every step, so that an overflow wraps round where Go's does. */
const fold = (first: bigint, values: readonly Present[], by: (a: bigint, b: bigint) => bigint): Int =>
  values.reduce<Int>((sum, value) => int64(by(sum.n, toInteger(value))), int64(first))

function divisor(value: Present): bigint {
  const n = toInteger(value)
  if (n === 0n) throw new Fault('a division by zero')
  return n
}

const NOT_A_NUMBER = 'a text or value that is no number'

/** spf13/cast.ToInt64; what that makes 0 without a word is refused. */
export function toInteger(value: Present): bigint {
  if (isInt(value)) return value.n
  if (typeof value === 'boolean') return value ? 1n : 0n
  if (typeof value === 'number' && Math.abs(value) < 2 ** 63) return BigInt(Math.trunc(value))
  const n = typeof value === 'string' ? integerOf(value.replace(/\.0+$/, '')) : undefined
  if (typeof n !== 'bigint') throw new Fault(NOT_A_NUMBER)
  return n
}

/** spf13/cast.ToFloat64. */
function toFloat(value: Present): number {
  if (typeof value === 'number') return value
  if (isInt(value)) return Number(value.n)
  if (typeof value === 'boolean') return value ? 1 : 0
  const float = typeof value === 'string' ? floatOf(value) : undefined
  if (float === undefined) throw new Fault(NOT_A_NUMBER)
  return float
}

/** strconv.Atoi: decimal, and nothing but digits. */
function decimal(text: string): bigint {
  const n = /^[+-]?\d{1,30}$/.test(text) ? BigInt(text.replace(/^\+/, '')) : undefined
  if (n === undefined || n !== BigInt.asIntN(64, n)) throw new Fault(NOT_A_NUMBER)
  return n
}

function steps(budget: Budget, start: bigint, stop: bigint, step: bigint): Value[] {
  const values: Value[] = []
  const up = start < stop
  if (up ? step <= 0n : step >= 0n) return values
  for (let n = start; up ? n < stop : n > stop; n += step) {
    spendSteps(budget)
    values.push(int(n))
  }
  return values
}
