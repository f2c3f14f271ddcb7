import { Counter, Histogram, type Registry } from 'prom-client'
import type { Observe } from '../../shared/kube/observe.ts'
import { codeLabel } from './bounded.ts'

export interface ApiMetrics {
  /** Of each request to the API server. */
  requested: Observe
}

export function apiMetrics(registers: Registry[]): ApiMetrics {
  const requests = new Counter({
    name: 'waxwing_api_requests_total',
    help: 'Requests to the API server by verb, resource and status code; error: no answer, cancelled: given up by us.',
    labelNames: ['verb', 'resource', 'code'],
    registers,
  })
  const durations = new Histogram({
    name: 'waxwing_api_request_duration_seconds',
    help: 'Time from sending a request to the end of its answer; of a watch: to the start of its answer.',
    labelNames: ['verb'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers,
  })
  return {
    requested({ verb, resource }) {
      const timed = durations.startTimer({ verb })
      return {
        ended(result) {
          requests.inc({ verb, resource, code: typeof result === 'number' ? codeLabel(result) : result })
          timed()
        },
      }
    },
  }
}
