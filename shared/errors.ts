import type { Code } from './codes.ts'

/** A key or index at each step from a document's root. */
export type Path = readonly (string | number)[]

/** Where in the user's input: lines and columns count from 1. */
export interface Place {
  file?: string
  line?: number
  column?: number
}

export interface Problem {
  path: Path
  reason: string
}

export interface ErrorDetails {
  where?: Place | undefined
  /** Below the document's root; the rim turns it into a line. */
  path?: Path | undefined
  /** What to do about it, when it is more particular than the code's own advice. */
  hint?: string | undefined
  /** All places of a `malformed`, when there are several. */
  problems?: readonly Problem[] | undefined
  cause?: unknown
}

/** Every refusal of ours. The message says what was wrong and never holds a value, nor any part of one. */
export class SealError extends Error {
  readonly code: Code
  readonly where: Place | undefined
  readonly path: Path | undefined
  readonly hint: string | undefined
  readonly problems: readonly Problem[]

  constructor(code: Code, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.name = 'SealError'
    this.code = code
    this.where = details.where
    this.path = details.path
    this.hint = details.hint
    this.problems = details.problems ?? []
  }
}

/**
 * `spec.data.password`, `spec.envelopes[0].id`: as kubectl writes a path. A key that is no name is shown as `?`: it may be
 * a line of a value that bad indentation made a key.
 */
export function pathText(path: Path): string {
  return path
    .map((step, i) => (typeof step === 'number' ? `[${step}]` : `${i === 0 ? '' : '.'}${shown(step)}`))
    .join('')
}

const shown = (key: string): string => (/^[-._/a-zA-Z0-9]{1,253}$/.test(key) ? key : '?')

/** The same error, placed: keeps what is known already and adds the rest. */
export function placed(error: SealError, where: Place): SealError {
  return new SealError(error.code, error.message, { ...error, where: { ...where, ...error.where } })
}
