import { type Budget, spendSteps } from './budget.ts'
import { Fault } from './fault.ts'
import { assign, type Scope } from './scope.ts'
import type { Branch } from './syntax/ast.ts'
import { int, isDict, isInt, isList, isNil, sortedKeys, type Value } from './values.ts'

type Entry = readonly [key: Value, element: Value]

/** Runs the body once for every element; false if there is none. (Go's exec.go, walkRange) */
export function rangeOver(
  scope: Scope,
  { at, pipe }: Branch,
  value: Value,
  body: (element: Value) => 'break' | 'continue' | undefined,
): boolean {
  const { variables, assigns } = pipe
  if (isInt(value) && variables.length > 1) throw new Fault('a number has no second variable', at)
  const inner = scope.variables.length
  let some = false
  for (const [key, element] of entriesOf(scope.budget, value, at)) {
    spendSteps(scope.budget)
    some = true
    // Of one variable it is the element, of two the key comes first.
    const set = variables.length > 1 ? [key, element] : [element]
    for (const [i, name] of variables.entries()) {
      if (assigns) assign(scope, name, set[i], at)
      else (scope.variables[inner - variables.length + i] as { value: Value }).value = set[i]
    }
    const leaving = body(element)
    scope.variables.length = inner
    if (leaving === 'break') break
  }
  return some
}

function* entriesOf(budget: Budget, value: Value, at: number): Generator<Entry> {
  if (isList(value)) for (const [i, item] of value.items.entries()) yield [int(i), item]
  else if (isDict(value)) for (const key of sortedKeys(budget, value)) yield [key, value.entries.get(key)]
  else if (isInt(value)) for (let n = 0n; n < value.n; n++) yield [undefined, { type: value.type, n }]
  else if (!isNil(value)) throw new Fault('range needs a map, a list or a number', at)
}
