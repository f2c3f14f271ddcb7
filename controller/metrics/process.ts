import { collectDefaultMetrics, Gauge, type Registry } from 'prom-client'
import { VERSION } from '../../shared/version.ts'

/** Sums of others, and gauges by names that Prometheus keeps for counters. */
const MISNAMED = [
  'nodejs_active_handles_total',
  'nodejs_active_requests_total',
  'nodejs_active_resources_total',
]

/** What prom-client tells of any process, and which version this one is. */
export function processMetrics(registry: Registry): void {
  collectDefaultMetrics({ register: registry })
  for (const name of MISNAMED) registry.removeSingleMetric(name)
  new Gauge({
    name: 'waxwing_build_info',
    help: 'Always 1; the label is the version.',
    labelNames: ['version'],
    registers: [registry],
  }).set({ version: VERSION }, 1)
}
