import { deeper, spendSteps } from './budget.ts'
import { call, type Piped } from './call.ts'
import { Fault } from './fault.ts'
import { assign, type Scope, variableValue } from './scope.ts'
import type { Chain, Command, Operand, Pipe } from './syntax/ast.ts'
import { isDict, type Value } from './values.ts'

/** The value of a pipeline; sets or declares its variables. (Go's exec.go, evalPipeline) */
export function pipelineValue(scope: Scope, dot: Value, pipe: Pipe): Value {
  let value: Value
  deeper(scope.budget, () => {
    for (const [i, command] of pipe.commands.entries())
      value = commandValue(scope, dot, command, i === 0 ? [] : [value]) ?? undefined
  })
  for (const name of pipe.variables) {
    if (pipe.assigns) assign(scope, name, value, pipe.at)
    else scope.variables.push({ name, value })
  }
  return value
}

function commandValue(scope: Scope, dot: Value, command: Command, piped: Piped): Value {
  const [first, ...rest] = command.args
  if (first.kind === 'function') {
    const operand = (node: Operand) => operandValue(scope, dot, node)
    return call(scope.budget, operand, first, rest, piped)
  }
  if (rest.length + piped.length > 0) throw new Fault('only a function takes arguments', first.at)
  if (first.kind === 'nil') throw new Fault('nil is not a command', first.at)
  return operandValue(scope, dot, first)
}

function operandValue(scope: Scope, dot: Value, node: Operand): Value {
  spendSteps(scope.budget)
  switch (node.kind) {
    case 'string':
    case 'bool':
      return node.value
    case 'number':
      return node.ideal
    case 'nil':
      return null
    case 'dot':
      return dot
    case 'pipe':
      return pipelineValue(scope, dot, node)
    case 'chain':
      return chainValue(scope, dot, node)
    case 'function':
      return call(scope.budget, () => undefined, node, [], [])
  }
}

/** `.a.b`: keys of maps. What is not there is `undefined`, as is all below it. (Go's exec.go, evalField) */
function chainValue(scope: Scope, dot: Value, { at, of, fields }: Chain): Value {
  let value: Value
  if (of.kind === 'variable') value = variableValue(scope, of.name, at)
  else value = of.kind === 'dot' ? dot : operandValue(scope, dot, of)
  for (const field of fields) {
    if (value === undefined) return undefined
    if (!isDict(value)) throw new Fault('only a map has fields', at)
    value = value.entries.get(field)
  }
  return value
}
