import { type Budget, deeper, spendSteps } from './budget.ts'
import { Fault, placing } from './fault.ts'
import { display } from './format/display.ts'
import { pipelineValue } from './pipeline.ts'
import { rangeOver } from './range.ts'
import type { Scope } from './scope.ts'
import type { Body, Branch, Node } from './syntax/ast.ts'
import { isNil, isTrue, type Value } from './values.ts'

/** What a rendering writes to, and how much more it may. */
interface Output {
  readonly pieces: string[]
  room: number
}

export interface Rendering {
  readonly bodies: ReadonlyMap<string, Body>
  readonly budget: Budget
  readonly output: Output
}

/** `break` and `continue` go up to the range that they stand in. */
type Leaving = 'break' | 'continue' | undefined

/** Go's exec.go, walk: writes what a body gives for a dot. */
export function evaluate(rendering: Rendering, name: string, data: Value, at = 0): void {
  const body = rendering.bodies.get(name)
  if (!body) throw new Fault('a template that is not defined', at)
  // "A template invocation does not inherit variables from the point of its invocation."
  const scope: Scope = { variables: [{ name: '$', value: data }], budget: rendering.budget }
  walk(rendering, scope, data, body)
}

function walk(rendering: Rendering, scope: Scope, dot: Value, body: Body): Leaving {
  return deeper(rendering.budget, () => {
    for (const node of body) {
      spendSteps(rendering.budget)
      const leaving = step(rendering, scope, dot, node)
      if (leaving) return leaving
    }
    return undefined
  })
}

function step(rendering: Rendering, scope: Scope, dot: Value, node: Node): Leaving {
  switch (node.kind) {
    case 'text':
      write(rendering.output, node.text, node.at)
      return undefined
    case 'action': {
      const value = pipelineValue(scope, dot, node.pipe)
      if (node.pipe.variables.length > 0) return undefined
      placing(node.at, '', () => {
        if (isNil(value)) throw new Fault('nothing to print: there is no such key')
        write(rendering.output, display(value, rendering.budget), node.at)
      })
      return undefined
    }
    case 'template':
      evaluate(rendering, node.name, node.pipe && pipelineValue(scope, dot, node.pipe), node.at)
      return undefined
    case 'break':
    case 'continue':
      return node.kind
    default:
      return branch(rendering, scope, dot, node)
  }
}

function branch(rendering: Rendering, scope: Scope, dot: Value, node: Branch): Leaving {
  const outer = scope.variables.length
  const value = pipelineValue(scope, dot, node.pipe)
  const body = (inner: Value) => walk(rendering, scope, inner, node.body)
  const otherwise = () => node.otherwise && walk(rendering, scope, dot, node.otherwise)
  let leaving: Leaving
  if (node.kind === 'range') leaving = rangeOver(scope, node, value, body) ? undefined : otherwise()
  else if (isTrue(value)) leaving = body(node.kind === 'with' ? value : dot)
  else leaving = otherwise()
  scope.variables.length = outer
  return leaving
}

function write(output: Output, text: string, at: number): void {
  output.room -= text.length
  if (output.room < 0) throw new Fault('the result is larger than a Secret may be', at)
  output.pieces.push(text)
}
