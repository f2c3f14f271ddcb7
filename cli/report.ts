import type { Finding } from '../shared/check/finding.ts'
import { exitCodeOf, findingsOfError } from './refused.ts'
import { sayFindings } from './render/diagnostics.ts'
import type { Terminal } from './terminal.ts'

/** Says why a command failed; gives the exit code. */
export function report(error: unknown, terminal: Terminal, debug: boolean): number {
  const findings = findingsOfError(error) ?? [fault(error)]
  sayFindings(terminal, findings)
  if (debug) for (const frame of frames(error)) terminal.note(frame)
  return exitCodeOf(findings)
}

/** A foreign error's own words may quote what it was working on, so only its kind is shown. */
function fault(error: unknown): Finding {
  const { name = 'Error', code } = error as NodeJS.ErrnoException
  const kind = code === undefined ? name : `${name} ${code}`
  return { code: 'internal', severity: 'fail', args: { reason: `a fault in Waxwing itself (${kind})` } }
}

function frames(error: unknown): string[] {
  const stack = error instanceof Error ? (error.stack ?? '') : ''
  return stack.split('\n').filter((line) => /^\s+at /.test(line))
}
