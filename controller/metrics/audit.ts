import { Counter, type Registry } from 'prom-client'

export interface AuditMetrics {
  /** Lines of the audit log. */
  audited(result: 'written' | 'lost', lines: number): void
}

export function auditMetrics(registers: Registry[]): AuditMetrics {
  const lines = new Counter({
    name: 'waxwing_audit_lines_total',
    help: 'Lines of the audit log that were written, and those that were lost because they could not be.',
    labelNames: ['result'],
    registers,
  })
  return { audited: (result, count) => lines.inc({ result }, count) }
}
