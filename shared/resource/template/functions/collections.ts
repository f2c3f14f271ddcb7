import { Fault } from '../fault.ts'
import { int, isDict, isInt, isList, isNil, type Value } from '../values.ts'
import { type Func, func, variadic } from './signature.ts'

/** Text/template's own: length and elements. */
export const COLLECTIONS: Readonly<Record<string, Func>> = {
  len: func(['any'], (_, value) => int(length(value))),
  index: variadic(['any'], 'any', (_, value, ...keys) => keys.reduce(element, present(value))),
}

/** Of a string the number of its bytes. */
function length(value: Value): number {
  if (typeof value === 'string') return value.length
  if (isList(value)) return value.items.length
  if (isDict(value)) return value.entries.size
  throw new Fault('only a string, a list or a map has a length')
}

function present(value: Value): Value {
  if (isNil(value)) throw new Fault('argument 1 is not there')
  return value
}

/** "index x 1 2 3" is x[1][2][3]; what a map does not have is the zero value of its type, as in Go. */
function element(value: Value, key: Value): Value {
  if (isDict(value)) {
    if (typeof key !== 'string') throw new Fault('the key of a map must be a string')
    return value.entries.get(key) ?? (value.of === 'string' ? '' : null)
  }
  const length = typeof value === 'string' ? value.length : isList(value) ? value.items.length : undefined
  if (length === undefined) throw new Fault('only a string, a list or a map has elements')
  if (!isInt(key)) throw new Fault('the index must be an integer')
  if (key.n < 0n || key.n >= BigInt(length)) throw new Fault('the index is out of range')
  const at = Number(key.n)
  return typeof value === 'string'
    ? { type: 'uint8', n: BigInt(value.charCodeAt(at)) }
    : isList(value)
      ? value.items[at]
      : undefined
}
