import { Counter, Histogram, type Registry } from 'prom-client'
import type { Unsealed } from '../reconcile/observe.ts'
import { bounded } from './bounded.ts'

export interface ReconcileMetrics {
  /** `result`: the row of the decision table, or a word of reconcile.ts. */
  reconciled(result: string): void
  unsealed(ms: number, result: Unsealed): void
  /** A Secret was put back after these had changed it, as far as that is known. */
  corrected(editors: readonly string[]): void
  /** An Event was left out. */
  eventDropped(): void
}

const MAX_MANAGERS = 20

export function reconcileMetrics(registers: Registry[]): ReconcileMetrics {
  const reconciles = new Counter({
    name: 'waxwing_reconciles_total',
    help: 'Reconciles by the row of the decision table they ended in, or error.',
    labelNames: ['result'],
    registers,
  })
  const unseals = new Counter({
    name: 'waxwing_unseals_total',
    help: 'Attempts to open a SealedSecret, by result (opened, refused, error) and, of a refusal, its code.',
    labelNames: ['result', 'reason'],
    registers,
  })
  const durations = new Histogram({
    name: 'waxwing_open_duration_seconds',
    help: 'Time to check and open one SealedSecret.',
    buckets: [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.25, 1],
    registers,
  })
  const corrections = new Counter({
    name: 'waxwing_drift_corrections_total',
    help: 'Secrets put back after somebody changed or deleted them, by the field manager that did.',
    labelNames: ['manager'],
    registers,
  })
  const dropped = new Counter({
    name: 'waxwing_events_dropped_total',
    help: 'Events left out because too many were under way.',
    registers,
  })
  const manager = bounded(MAX_MANAGERS)

  return {
    reconciled: (result) => reconciles.inc({ result }),
    unsealed(ms, result) {
      unseals.inc(unsealLabels(result))
      durations.observe(ms / 1000)
    },
    corrected: ([name = 'unknown']) => corrections.inc({ manager: manager(name) }),
    eventDropped: () => dropped.inc(),
  }
}

function unsealLabels(result: Unsealed): { result: string; reason: string } {
  if (result === 'opened') return { result, reason: 'none' }
  if (result === 'error') return { result, reason: 'internal' }
  return { result: 'refused', reason: result }
}
