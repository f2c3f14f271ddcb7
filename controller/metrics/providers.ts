import { Counter, Histogram, type Registry } from 'prom-client'

export interface ProviderMetrics {
  /** Whoever wraps seeds is asked for something; called back with how that ended. */
  providerAsked(call: { provider: string; operation: string }): (result: string) => void
}

export function providerMetrics(registers: Registry[]): ProviderMetrics {
  const requests = new Counter({
    name: 'waxwing_key_provider_requests_total',
    help: 'Calls to whoever wraps the seeds, by provider, operation and result (ok, unavailable, refused, error).',
    labelNames: ['provider', 'operation', 'result'],
    registers,
  })
  const durations = new Histogram({
    name: 'waxwing_key_provider_request_duration_seconds',
    help: 'Time of such a call.',
    labelNames: ['provider', 'operation'],
    buckets: [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers,
  })
  return {
    providerAsked({ provider, operation }) {
      const timed = durations.startTimer({ provider, operation })
      return (result) => {
        requests.inc({ provider, operation, result })
        timed()
      }
    },
  }
}
