import type { Code } from '../codes.ts'
import type { Place } from '../errors.ts'

export type Severity = 'fail' | 'warn'

/** What a finding says besides its code: names and counts, never a value. The sentence is made by whoever shows it. */
export type Args = Readonly<Record<string, string>>

/** Something wrong at a place of the input. */
export interface Finding extends Place {
  code: Code
  severity: Severity
  args: Args
  /** What to do, where it is more particular than the code's own advice. */
  hint?: string
}

/** The same before it is known in which file the document stands: `at` is an offset into the document's text. */
export interface Note {
  code: Code
  severity: Severity
  at: number
  args: Args
  hint?: string
}

/** By file, line, column, code: the same input gives the same list. */
export function compareFindings(a: Finding, b: Finding): number {
  return (
    compare(a.file ?? '', b.file ?? '') ||
    (a.line ?? 0) - (b.line ?? 0) ||
    (a.column ?? 0) - (b.column ?? 0) ||
    compare(a.code, b.code)
  )
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

export const isFail = ({ severity }: { severity: Severity }): boolean => severity === 'fail'
