import type { Metrics } from '../../../../controller/metrics/metrics.ts'

/** A controller in which nothing happens. */
export const quietGauges: Parameters<Metrics['measure']>[0] = {
  queue: () => ({ waiting: 0, running: 0, delayed: 0 }),
  keys: () => ({}),
  created: () => [],
  keyObjects: () => undefined,
  ready: () => true,
  leading: () => true,
}
