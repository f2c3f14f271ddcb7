import type { Budget } from './budget.ts'
import { Fault } from './fault.ts'
import type { Value } from './values.ts'

/** The variables at one moment, inner ones last, as Go keeps them: they last until the `end` of what they stand in. */
export interface Scope {
  readonly variables: { readonly name: string; value: Value }[]
  readonly budget: Budget
}

export function variableValue(scope: Scope, name: string, at: number): Value {
  return find(scope, name, at).value
}

export function assign(scope: Scope, name: string, value: Value, at: number): void {
  find(scope, name, at).value = value
}

/** The parser lets an `else` see the variables of its `if`, and does not look at what `=` sets; in Go too. */
function find(scope: Scope, name: string, at: number) {
  const found = scope.variables.findLast((variable) => variable.name === name)
  if (!found) throw new Fault('a variable that is not declared', at)
  return found
}
