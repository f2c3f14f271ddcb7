import type { Int } from '../values.ts'

/** What a pipeline is made of; `at` is always the place in the template. */
export type Operand =
  | { readonly kind: 'string'; readonly at: number; readonly value: string }
  | NumberNode
  | { readonly kind: 'bool'; readonly at: number; readonly value: boolean }
  | { readonly kind: 'nil' | 'dot'; readonly at: number }
  | FunctionNode
  | Chain
  | Pipe

export interface NumberNode {
  readonly kind: 'number'
  readonly at: number
  /** What it is where the type is open: "the syntax of the number tells us its type". */
  readonly ideal: Int | number
  /** What it is where an int is wanted, if it is one: 1.0 and 1e3 are. */
  readonly int: bigint | undefined
}

export interface FunctionNode {
  readonly kind: 'function'
  readonly at: number
  readonly name: string
}

/** `.a.b`, `$x.a` and `(pipeline).a`; a variable alone has no fields. */
export interface Chain {
  readonly kind: 'chain'
  readonly at: number
  readonly of: { readonly kind: 'dot' } | { readonly kind: 'variable'; readonly name: string } | Operand
  readonly fields: readonly string[]
}

export interface Command {
  readonly at: number
  readonly args: readonly [Operand, ...Operand[]]
}

export interface Pipe {
  readonly kind: 'pipe'
  readonly at: number
  /** `$x := …` and `$x = …`; two of them in a range. */
  readonly variables: readonly string[]
  readonly assigns: boolean
  readonly commands: readonly Command[]
}

export type Body = readonly Node[]

export type Node =
  | { readonly kind: 'text'; readonly at: number; readonly text: string }
  | { readonly kind: 'action'; readonly at: number; readonly pipe: Pipe }
  | Branch
  | { readonly kind: 'break' | 'continue'; readonly at: number }
  | {
      readonly kind: 'template'
      readonly at: number
      readonly name: string
      readonly pipe: Pipe | undefined
    }

export interface Branch {
  readonly kind: 'if' | 'with' | 'range'
  readonly at: number
  readonly pipe: Pipe
  readonly body: Body
  readonly otherwise: Body | undefined
}
