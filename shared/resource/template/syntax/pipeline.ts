import { Fault } from '../fault.ts'
import { mustBeSupported } from '../functions/refused.ts'
import { fromText } from '../text.ts'
import type { Chain, Command, Operand, Pipe } from './ast.ts'
import { type Cursor, nested, next, peek, unexpected } from './cursor.ts'
import { characterOf, numberOf, stringOf } from './literals.ts'
import type { Kind } from './token.ts'

/** Each use looks through all of them. */
export const MAX_VARIABLES = 500

/** `$x := command | command`, up to and with its end. `owner` is what it stands in, for errors. */
export function pipeline(cursor: Cursor, owner: string, end: '}}' | ')'): Pipe {
  const { at } = peek(cursor)
  const declared = declarations(cursor, owner)
  const commands: Command[] = []
  for (let token = peek(cursor); token.kind !== end; token = peek(cursor)) {
    if (!STARTS.has(token.kind)) throw unexpected(token, owner)
    const command = parseCommand(cursor)
    if (commands.length > 0 && PLAIN.has(command.args[0].kind))
      throw new Fault('only a function can come after `|`', command.at)
    commands.push(command)
  }
  next(cursor)
  if (commands.length === 0) throw new Fault(`${owner} needs a value`, at)
  return { kind: 'pipe', at, ...declared, commands }
}

const STARTS: ReadonlySet<Kind> = new Set<Kind>([
  ...(['string', 'number', 'character', 'bool', 'nil', '.', 'field'] as const),
  ...(['variable', 'identifier', '('] as const),
])
const PLAIN: ReadonlySet<Operand['kind']> = new Set<Operand['kind']>([
  'string',
  'number',
  'bool',
  'nil',
  'dot',
])

function declarations(cursor: Cursor, owner: string): Pick<Pipe, 'variables' | 'assigns'> {
  const variables: string[] = []
  while (peek(cursor).kind === 'variable') {
    const { kind } = peek(cursor, 1)
    if (kind !== '=' && kind !== ':=' && kind !== ',') break
    const name = next(cursor).text
    const { at } = next(cursor)
    variables.push(name)
    cursor.variables.push(name)
    if (cursor.variables.length > MAX_VARIABLES) throw new Fault(`more than ${MAX_VARIABLES} variables`, at)
    if (kind !== ',') return { variables, assigns: kind === '=' }
    if (owner !== 'range' || variables.length > 1) throw new Fault(`too many variables for ${owner}`, at)
    if (!['variable', '}}', ')'].includes(peek(cursor).kind))
      throw new Fault('range can only set variables', at)
  }
  return { variables, assigns: false }
}

/** Operands with white space between them, up to `|`, which it takes, or the end, which it leaves. */
function parseCommand(cursor: Cursor): Command {
  const { at } = peek(cursor)
  const args: [Operand, ...Operand[]] = [operand(cursor)]
  for (let token = peek(cursor); ; token = peek(cursor)) {
    if (token.kind === '}}' || token.kind === ')') return { at, args }
    if (token.kind === '|') {
      next(cursor)
      return { at, args }
    }
    if (!token.spaced || !STARTS.has(token.kind)) throw unexpected(token, 'a command')
    args.push(operand(cursor))
  }
}

/** A term with the fields that follow it at once. */
function operand(cursor: Cursor): Operand {
  const node = term(cursor)
  const first = peek(cursor)
  const fields: string[] = []
  for (let token = first; token.kind === 'field' && !token.spaced; token = peek(cursor))
    fields.push(fieldName(next(cursor).text))
  if (fields.length === 0) return node
  if (node.kind === 'chain') return { ...node, fields: [...node.fields, ...fields] }
  if (PLAIN.has(node.kind)) throw unexpected(first, 'a literal')
  return { kind: 'chain', at: first.at, of: node, fields }
}

const fieldName = (text: string): string => fromText(text.slice(1))

function term(cursor: Cursor): Operand {
  const token = next(cursor)
  const { at, text } = token
  switch (token.kind) {
    case 'string':
      return { kind: 'string', at, value: stringOf(token) }
    case 'number':
      return numberOf(token)
    case 'character':
      return characterOf(token)
    case 'bool':
      return { kind: 'bool', at, value: text === 'true' }
    case 'nil':
      return { kind: 'nil', at }
    case '.':
      return { kind: 'dot', at }
    case 'field':
      return { kind: 'chain', at, of: { kind: 'dot' }, fields: [fieldName(text)] }
    case 'variable':
      return variable(cursor, text, at)
    case 'identifier':
      mustBeSupported(text, at)
      return { kind: 'function', at, name: text }
    case '(':
      return nested(cursor, at, () => pipeline(cursor, 'a parenthesis', ')'))
    default:
      throw unexpected(token, 'a command')
  }
}

function variable(cursor: Cursor, name: string, at: number): Chain {
  if (!cursor.variables.includes(name)) throw new Fault('a variable that is not declared', at)
  return { kind: 'chain', at, of: { kind: 'variable', name }, fields: [] }
}
