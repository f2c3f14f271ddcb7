import { Registry } from 'prom-client'
import { type ApiMetrics, apiMetrics } from './api.ts'
import { type AuditMetrics, auditMetrics } from './audit.ts'
import { type Gauges, measure } from './gauges.ts'
import { type HttpMetrics, httpMetrics } from './http.ts'
import { type LeaseMetrics, leaseMetrics } from './lease.ts'
import { processMetrics } from './process.ts'
import { type ProviderMetrics, providerMetrics } from './providers.ts'
import { type QueueMetrics, queueMetrics } from './queue.ts'
import { type ReconcileMetrics, reconcileMetrics } from './reconciles.ts'
import { type WatchMetrics, watchMetrics } from './watches.ts'

export interface Metrics
  extends ApiMetrics,
    AuditMetrics,
    HttpMetrics,
    LeaseMetrics,
    ProviderMetrics,
    QueueMetrics,
    ReconcileMetrics,
    WatchMetrics {
  registry: Registry
  /** Asks these whenever somebody scrapes. */
  measure(gauges: Gauges): void
}

/**
 * Everything that is counted, under the names that docs/metrics.md lists. No label takes more than a fixed number of
 * values, whatever is in the cluster and whoever calls: names that others choose are bounded (bounded.ts), all others
 * come from lists of ours.
 */
export function createMetrics(): Metrics {
  const registry = new Registry()
  const registers = [registry]
  processMetrics(registry)
  return {
    registry,
    ...reconcileMetrics(registers),
    ...queueMetrics(registers),
    ...apiMetrics(registers),
    ...auditMetrics(registers),
    ...watchMetrics(registers),
    ...leaseMetrics(registers),
    ...httpMetrics(registers),
    ...providerMetrics(registers),
    measure: (gauges) => measure(registers, gauges),
  }
}
