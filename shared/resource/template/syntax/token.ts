export const KEYWORDS = [
  'block',
  'break',
  'continue',
  'define',
  'else',
  'end',
  'if',
  'nil',
  'range',
  'template',
  'with',
] as const

export type Kind =
  | 'text'
  | '{{'
  | '}}'
  | 'end of template'
  | '('
  | ')'
  | '|'
  | ','
  | '='
  | ':='
  | 'string'
  | 'number'
  | 'character'
  | 'bool'
  | 'identifier'
  | 'field'
  | 'variable'
  | '.'
  | (typeof KEYWORDS)[number]

export interface Token {
  readonly kind: Kind
  readonly at: number
  /** As written, with its quotes. */
  readonly text: string
  /** White space stands before it: arguments are told apart by it. */
  readonly spaced: boolean
}
