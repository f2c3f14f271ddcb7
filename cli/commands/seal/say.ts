import type { Finding } from '../../../shared/check/finding.ts'
import type { Terminal } from '../../terminal.ts'

/** The words for findings are loaded where there are any: most of what is sealed has none. */
export async function sayAny(terminal: Terminal, findings: readonly Finding[]): Promise<void> {
  if (findings.length === 0) return
  const { sayFindings } = await import('../../render/diagnostics.ts')
  sayFindings(terminal, findings)
}
