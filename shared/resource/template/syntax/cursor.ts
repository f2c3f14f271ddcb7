import { Fault } from '../fault.ts'
import type { Body } from './ast.ts'
import { lex } from './lex.ts'
import type { Kind, Token } from './token.ts'

export const MAX_NODES = 20_000
export const MAX_NESTING = 200

/** Where the parser stands. */
export interface Cursor {
  readonly tokens: Generator<Token, Token>
  readonly ahead: Token[]
  /** Bodies by `define` and `block`, and the template's own under its name. */
  readonly bodies: Map<string, Body>
  /** Variables that are known here; their order and number is all that counts. */
  variables: string[]
  /** How many ranges `break` could leave. */
  ranges: number
  nesting: number
  nodes: number
}

export function cursorOf(text: string): Cursor {
  return {
    tokens: lex(text),
    ahead: [],
    bodies: new Map(),
    variables: ['$'],
    ranges: 0,
    nesting: 0,
    nodes: 0,
  }
}

/** The token that comes, or the one after it; none is taken. */
export function peek(cursor: Cursor, distance = 0): Token {
  while (cursor.ahead.length <= distance) {
    const { value } = cursor.tokens.next()
    cursor.nodes += 1
    if (cursor.nodes > MAX_NODES) throw new Fault(`a template of more than ${MAX_NODES} parts`, value.at)
    cursor.ahead.push(value)
  }
  return cursor.ahead[distance] as Token
}

export function next(cursor: Cursor): Token {
  const token = peek(cursor)
  // The end stays: whoever looks further sees it again.
  if (token.kind !== 'end of template') cursor.ahead.shift()
  return token
}

export function expect(cursor: Cursor, kind: Kind, where: string): Token {
  const token = next(cursor)
  if (token.kind !== kind) throw unexpected(token, where)
  return token
}

export function unexpected({ kind, at }: Token, where: string): Fault {
  return new Fault(`${where} cannot have ${NAMES[kind] ?? `\`${kind}\``} here`, at)
}

const NAMES: Partial<Record<Kind, string>> = {
  text: 'text',
  'end of template': 'the end of the template',
  string: 'a string',
  number: 'a number',
  character: 'a character',
  bool: 'a boolean',
  identifier: 'a function',
  field: 'a field',
  variable: 'a variable',
}

export function nested<T>(cursor: Cursor, at: number, parse: () => T): T {
  cursor.nesting += 1
  if (cursor.nesting > MAX_NESTING) throw new Fault(`nested deeper than ${MAX_NESTING} levels`, at)
  const result = parse()
  cursor.nesting -= 1
  return result
}
