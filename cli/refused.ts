import type { Finding } from '../shared/check/finding.ts'
import type { Code } from '../shared/codes.ts'
import { SealError } from '../shared/errors.ts'

/** Ends a command with everything that speaks against it; the entry shows it and sets the exit code. */
export class Refused extends Error {
  override readonly name = 'Refused'
  readonly findings: readonly Finding[]

  constructor(findings: readonly Finding[]) {
    super('refused')
    this.findings = findings
  }
}

export const usage = (message: string, hint?: string): SealError =>
  new SealError('usage', message, hint === undefined ? {} : { hint })

/** What an error of ours says, as a finding; undefined for faults. */
export function findingsOfError(error: unknown): readonly Finding[] | undefined {
  if (error instanceof Refused) return error.findings
  if (!(error instanceof SealError)) return undefined
  const { code, message, where = {}, hint } = error
  return [
    { code, severity: 'fail', args: { reason: message }, ...where, ...(hint === undefined ? {} : { hint }) },
  ]
}

/** These say that the command could not run; all others that what it was given is at fault. */
const NOT_RUN: ReadonlySet<Code> = new Set([
  'usage',
  'file-read',
  'file-write',
  'file-exists',
  'environment',
  'internal',
])

export const exitCodeOf = (findings: readonly Finding[]): number =>
  findings.some(({ code, severity }) => severity === 'fail' && NOT_RUN.has(code)) ? 2 : 1
