import { Fault } from '../fault.ts'
import { fromText } from '../text.ts'
import type { Body, Branch, Node } from './ast.ts'
import { type Cursor, cursorOf, expect, nested, next, peek, unexpected } from './cursor.ts'
import { stringOf } from './literals.ts'
import { pipeline } from './pipeline.ts'
import type { Token } from './token.ts'

/** Every body of a template: its own under its name, and what `define` and `block` name in it. */
export function parse(name: string, text: string): ReadonlyMap<string, Body> {
  const cursor = cursorOf(text)
  const { nodes } = body(cursor, 'template')
  add(cursor, fromText(name), nodes, 0)
  return cursor.bodies
}

/** What ends a body; only the template's own ends with the text. */
type End = 'end' | 'else' | 'end of template'

function body(cursor: Cursor, owner: 'template' | 'action'): { nodes: Node[]; end: End; at: number } {
  const nodes: Node[] = []
  for (;;) {
    const token = next(cursor)
    if (token.kind === 'text') nodes.push({ kind: 'text', at: token.at, text: fromText(token.text) })
    else if (token.kind !== '{{') {
      if (owner === 'action') throw new Fault('an `end` is missing before the end of the template', token.at)
      return { nodes, end: 'end of template', at: token.at }
    } else {
      const first = peek(cursor)
      if (first.kind === 'define' && owner === 'template') define(cursor)
      else if (first.kind !== 'end' && first.kind !== 'else') nodes.push(action(cursor))
      else if (owner === 'template') throw unexpected(first, 'a template')
      else return { nodes, end: first.kind, at: first.at }
    }
  }
}

function action(cursor: Cursor): Node {
  const { kind, at } = peek(cursor)
  switch (kind) {
    case 'if':
    case 'with':
    case 'range':
      next(cursor)
      return nested(cursor, at, () => branch(cursor, kind, at))
    case 'break':
    case 'continue':
      next(cursor)
      expect(cursor, '}}', kind)
      if (cursor.ranges === 0) throw new Fault(`${kind} outside of range`, at)
      return { kind, at }
    case 'template':
    case 'block':
      next(cursor)
      return call(cursor, kind, at)
    default:
      return { kind: 'action', at, pipe: pipeline(cursor, 'an action', '}}') }
  }
}

function branch(cursor: Cursor, kind: Branch['kind'], at: number): Branch {
  const known = cursor.variables.length
  const pipe = pipeline(cursor, kind, '}}')
  if (kind === 'range') cursor.ranges += 1
  const then = body(cursor, 'action')
  if (kind === 'range') cursor.ranges -= 1
  const otherwise = then.end === 'else' ? otherwiseOf(cursor, kind) : undefined
  if (then.end === 'end') close(cursor)
  cursor.variables.length = known
  return { kind, at, pipe, body: then.nodes, otherwise }
}

/** After `{{`, before `else`. Of `else if` and `else with` the one end closes both. */
function otherwiseOf(cursor: Cursor, kind: Branch['kind']): Body {
  next(cursor)
  const token = peek(cursor)
  if (kind !== 'range' && token.kind === kind) {
    next(cursor)
    return [nested(cursor, token.at, () => branch(cursor, kind, token.at))]
  }
  expect(cursor, '}}', 'else')
  const { nodes, end, at } = body(cursor, 'action')
  if (end !== 'end') throw new Fault('a second `else`', at)
  close(cursor)
  return nodes
}

function close(cursor: Cursor): void {
  expect(cursor, 'end', 'an action')
  expect(cursor, '}}', 'end')
}

function define(cursor: Cursor): void {
  next(cursor)
  const name = expect(cursor, 'string', 'define')
  expect(cursor, '}}', 'define')
  definition(cursor, name)
}

/** A body of its own: it sees neither the variables nor the ranges around it. */
function definition(cursor: Cursor, name: Token): void {
  const { variables, ranges } = cursor
  cursor.variables = ['$']
  cursor.ranges = 0
  const { nodes, end, at } = nested(cursor, name.at, () => body(cursor, 'action'))
  if (end !== 'end') throw new Fault('an `else` without an `if`', at)
  close(cursor)
  cursor.variables = variables
  cursor.ranges = ranges
  add(cursor, stringOf(name), nodes, name.at)
}

function call(cursor: Cursor, kind: 'template' | 'block', at: number): Node {
  const name = expect(cursor, 'string', kind)
  const bare = kind === 'template' && peek(cursor).kind === '}}'
  const pipe = bare ? undefined : pipeline(cursor, kind, '}}')
  if (bare) next(cursor)
  if (kind === 'block') definition(cursor, name)
  return { kind: 'template', at, name: stringOf(name), pipe }
}

/** "A template may be defined only once, unless one of the two is empty." */
function add({ bodies }: Cursor, name: string, nodes: Body, at: number): void {
  const earlier = bodies.get(name)
  if (earlier === undefined || isEmpty(earlier)) bodies.set(name, nodes)
  else if (!isEmpty(nodes)) throw new Fault('a template of this name is defined already', at)
}

const isEmpty = (nodes: Body): boolean =>
  nodes.every((node) => node.kind === 'text' && /^[ \t\n\v\f\r]*$/.test(node.text))
