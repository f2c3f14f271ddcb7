import { type Budget, deeper, spendSteps } from '../budget.ts'
import { Fault } from '../fault.ts'
import { fromText, toText } from '../text.ts'
import { dict, list, type Value } from '../values.ts'

/** Go's json.Unmarshal into an interface{}. sprig gives nil for what is not JSON; here that is refused. */
export function parseJson(budget: Budget, text: string): Value {
  let data: unknown
  try {
    data = JSON.parse(toText(text))
  } catch {
    // The error of JSON.parse quotes what it was given.
    throw new Fault('it is not JSON')
  }
  return toValue(budget, data)
}

function toValue(budget: Budget, data: unknown): Value {
  spendSteps(budget)
  if (typeof data === 'string') return fromText(data)
  if (typeof data === 'number') {
    if (!Number.isFinite(data)) throw new Fault('it has a number that is too large')
    return data
  }
  if (typeof data === 'boolean') return data
  if (typeof data !== 'object' || data === null) return null
  return deeper(budget, () =>
    Array.isArray(data)
      ? list(data.map((item) => toValue(budget, item)))
      : dict(new Map(Object.entries(data).map(([key, item]) => [fromText(key), toValue(budget, item)]))),
  )
}
