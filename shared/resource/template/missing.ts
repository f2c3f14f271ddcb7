import { FUNCTIONS } from './functions/table.ts'
import type { Body, Branch, Chain, Command, Node, Operand, Pipe } from './syntax/ast.ts'
import { parse } from './syntax/parse.ts'

/** A use of a key that the map of values does not have. */
export interface MissingUse {
  /** In characters of the template. */
  at: number
  key: string
  /** `.tls.crt` is the field `crt` of the key `tls`; the key `tls.crt`, which is there, was meant. */
  dotted?: string
  /**
   * `refused`: the template is refused whatever the values are. `maybe`: if that part of it is rendered. `empty`: it gives
   * an empty text, as `index` does.
   */
  what: 'refused' | 'maybe' | 'empty'
}

/** What is known without the values: that a thing is the map of them, a text of the template, or not there for sure. */
type Known =
  | { kind: 'root' }
  | { kind: 'text'; text: string }
  | { kind: 'missing' | 'empty'; use: Omit<MissingUse, 'what'> }
  | undefined

interface Reading {
  bodies: ReadonlyMap<string, Body>
  has: (key: string) => boolean
  found: Map<number, MissingUse>
  variables: { name: string; value: Known }[]
  /** Whether what is read now is rendered in any case. */
  certain: boolean
  /** Templates that were read, each with what is known of its dot: they may invoke each other, and many times. */
  visited: Set<string>
}

const ROOT: Known = { kind: 'root' }

/** The uses of keys that are not there, found without the values. What is tested or has a default is none. */
export function missingUses(name: string, template: string, has: (key: string) => boolean): MissingUse[] {
  const bodies = parse(name, template)
  const found = new Map<number, MissingUse>()
  invoke({ bodies, has, found, variables: [], certain: true, visited: new Set() }, name, ROOT)
  return [...found.values()].sort((a, b) => a.at - b.at)
}

function invoke(reading: Reading, name: string, dot: Known): void {
  const body = reading.bodies.get(name)
  const visit = `${dot?.kind} ${reading.certain} ${name}`
  if (!body || reading.visited.has(visit)) return
  reading.visited.add(visit)
  walk({ ...reading, variables: [{ name: '$', value: dot }] }, dot, body)
}

function walk(reading: Reading, dot: Known, body: Body): void {
  for (const node of body) step(reading, dot, node)
}

function step(reading: Reading, dot: Known, node: Node): void {
  if (node.kind === 'action') {
    const value = pipeValue(reading, dot, node.pipe)
    if (node.pipe.variables.length === 0) needed(reading, value)
  } else if (node.kind === 'template') {
    invoke(reading, node.name, node.pipe && pipeValue(reading, dot, node.pipe))
  } else if (node.kind === 'if' || node.kind === 'with' || node.kind === 'range') {
    branch({ ...reading, variables: [...reading.variables] }, dot, node)
  }
}

function branch(reading: Reading, dot: Known, { kind, pipe, body, otherwise = [] }: Branch): void {
  const value = pipeValue(reading, dot, pipe)
  // Such a body is never rendered: that is how templates do without a key.
  if (isFalse(value)) {
    walk(reading, dot, otherwise)
    return
  }
  const either = { ...reading, certain: false }
  const inner = kind === 'if' ? dot : kind === 'with' ? value : undefined
  walk({ ...either, variables: [...reading.variables] }, inner, body)
  walk(either, dot, otherwise)
}

const isFalse = (value: Known): boolean => value?.kind === 'missing' || value?.kind === 'empty'

/** Whoever prints it or makes a text of it cannot do without it. */
function needed({ found, certain }: Reading, value: Known): void {
  if (value?.kind !== 'missing' && value?.kind !== 'empty') return
  const what = value.kind === 'empty' ? 'empty' : certain ? 'refused' : 'maybe'
  const before = found.get(value.use.at)
  if (before?.what !== 'refused') found.set(value.use.at, { ...value.use, what })
}

function pipeValue(reading: Reading, dot: Known, pipe: Pipe): Known {
  let value: Known
  for (const [i, command] of pipe.commands.entries())
    value = commandValue(reading, dot, command, i === 0 ? [] : [value])
  for (const name of pipe.variables) {
    const present = reading.variables.findLast((variable) => variable.name === name)
    if (!pipe.assigns) reading.variables.push({ name, value })
    // It may happen in one branch and not in another.
    else if (present) present.value = undefined
  }
  return value
}

function commandValue(
  reading: Reading,
  dot: Known,
  { args: [first, ...rest] }: Command,
  piped: readonly Known[],
): Known {
  if (first.kind !== 'function') return operandValue(reading, dot, first)
  if (first.name === 'and' || first.name === 'or') return shortCircuit(reading, dot, first.name, rest, piped)
  const values = [...rest.map((arg) => operandValue(reading, dot, arg)), ...piped]
  if (first.name === 'index') return indexed(reading, first.at, values)
  const { params = [], rest: more = 'any' } = FUNCTIONS.get(first.name) ?? {}
  for (const [i, value] of values.entries()) if ((params[i] ?? more) !== 'any') needed(reading, value)
  return undefined
}

/** They stop at the first that decides. */
function shortCircuit(
  reading: Reading,
  dot: Known,
  name: 'and' | 'or',
  args: readonly Operand[],
  piped: readonly Known[],
): Known {
  let last: Known
  let inner = reading
  let open = false
  for (const value of [
    ...args.map((arg) => () => operandValue(inner, dot, arg)),
    ...piped.map((v) => () => v),
  ]) {
    last = value()
    if (isFalse(last) && name === 'and') return open ? undefined : last
    if (isFalse(last)) continue
    open = true
    inner = { ...reading, certain: false }
  }
  return open ? undefined : last
}

/** As in Go, a key that a map of texts does not have gives an empty text. */
function indexed({ has }: Reading, at: number, [map, key, ...more]: readonly Known[]): Known {
  if (map?.kind !== 'root' || key?.kind !== 'text' || more.length > 0 || has(key.text)) return undefined
  return { kind: 'empty', use: { at, key: key.text } }
}

function operandValue(reading: Reading, dot: Known, node: Operand): Known {
  switch (node.kind) {
    case 'string':
      return { kind: 'text', text: node.value }
    case 'dot':
      return dot
    case 'pipe':
      return pipeValue(reading, dot, node)
    case 'chain':
      return chainValue(reading, dot, node)
    case 'function':
      return commandValue(reading, dot, { at: node.at, args: [node] }, [])
    default:
      return undefined
  }
}

function chainValue(reading: Reading, dot: Known, { at, of, fields }: Chain): Known {
  const value =
    of.kind === 'variable'
      ? reading.variables.findLast(({ name }) => name === of.name)?.value
      : of.kind === 'dot'
        ? dot
        : operandValue(reading, dot, of)
  const [key, ...below] = fields
  if (key === undefined || value?.kind === 'missing') return value
  if (value?.kind !== 'root' || reading.has(key)) return undefined
  const dotted = fields.join('.')
  return { kind: 'missing', use: { at, key, ...(below.length > 0 && reading.has(dotted) ? { dotted } : {}) } }
}
