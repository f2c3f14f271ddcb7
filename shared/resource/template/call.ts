import { type Budget, spendBytes, spendSteps } from './budget.ts'
import { Fault, placing } from './fault.ts'
import { accept, type Func, type Param } from './functions/signature.ts'
import { FUNCTIONS } from './functions/table.ts'
import type { FunctionNode, Operand } from './syntax/ast.ts'
import { int, isList, isTrue, type Value } from './values.ts'

/** What the command before `|` gave, if there is one: it becomes the last argument. */
export type Piped = readonly [] | readonly [Value]

/** Calls a function: its arguments are counted, then evaluated from left to right. (Go's exec.go, evalCall) */
export function call(
  budget: Budget,
  operand: (node: Operand) => Value,
  node: FunctionNode,
  args: readonly Operand[],
  piped: Piped,
): Value {
  const { name, at } = node
  const { params, rest, run } = functionOf(name)
  const before = `function \`${name}\`: `
  const count = args.length + piped.length
  if (count < params.length || (count > params.length && rest === undefined))
    throw new Fault(`${before}takes ${rest ? 'at least ' : ''}${params.length} argument(s)`, at)
  if (name === 'and' || name === 'or') return shortCircuit(name, operand, args, piped)

  const paramOf = (i: number): Param => params[i] ?? rest ?? 'any'
  const values = args.map((arg, i) => argument(operand, arg, paramOf(i), `${before}argument ${i + 1} `))
  return placing(at, before, () => {
    for (const value of piped) values.push(accept(value, paramOf(args.length), 'what comes before `|` '))
    for (const value of values) spend(budget, value)
    const result = run(budget, ...values)
    spend(budget, result)
    return result
  })
}

function functionOf(name: string): Func {
  const func = FUNCTIONS.get(name)
  // The parser refuses every other name.
  if (!func) throw new Error('a function that the parser does not know')
  return func
}

function argument(operand: (node: Operand) => Value, node: Operand, param: Param, before: string): Value {
  // "…if it was a method argument, we'd know what we need": 1.0 may stand where an int is wanted.
  if (node.kind === 'number' && param === 'int' && node.int !== undefined) return int(node.int)
  const value = operand(node)
  return placing(node.at, '', () => accept(value, param, before))
}

/** `and` and `or` evaluate no more than they need. */
function shortCircuit(
  name: 'and' | 'or',
  operand: (node: Operand) => Value,
  args: readonly Operand[],
  piped: Piped,
): Value {
  let value: Value
  for (const arg of args) {
    value = operand(arg)
    if (isTrue(value) === (name === 'or')) return value
  }
  return piped.length > 0 ? piped[0] : value
}

/** What a function reads and makes. Strings inside lists are counted where they are looked at. */
function spend(budget: Budget, value: Value): void {
  if (typeof value === 'string') spendBytes(budget, value.length)
  else if (isList(value)) spendSteps(budget, value.items.length)
}
