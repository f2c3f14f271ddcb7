import type { IncomingHttpHeaders } from 'node:http'
import { Counter, Histogram, type Registry } from 'prom-client'
import { codeLabel } from './bounded.ts'

/** A request that has come. */
interface Coming {
  /** One of ours or `other` (http/observed.ts). */
  route: string
  method: string
  headers: IncomingHttpHeaders
}

interface Served {
  /** What answers it is to be called by this, where there is one. */
  within?: (work: () => void) => void
  /** With the status, or undefined where the caller left without an answer. */
  answered(status: number | undefined): void
}

export interface HttpMetrics {
  served(request: Coming): Served
}

const METHODS = new Set(['GET', 'HEAD', 'POST'])

export function httpMetrics(registers: Registry[]): HttpMetrics {
  const requests = new Counter({
    name: 'waxwing_http_requests_total',
    help: 'Requests to the controller by route, method and status code; 429: over a rate limit, aborted: not waited for.',
    labelNames: ['route', 'method', 'code'],
    registers,
  })
  const durations = new Histogram({
    name: 'waxwing_http_request_duration_seconds',
    help: 'Time to answer a request. Refusals are held back on purpose.',
    labelNames: ['route'],
    buckets: [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers,
  })
  return {
    served({ route, method }) {
      const timed = durations.startTimer({ route })
      return {
        answered(status) {
          const code = status === undefined ? 'aborted' : codeLabel(status)
          requests.inc({ route, method: METHODS.has(method) ? method : 'other', code })
          timed()
        },
      }
    },
  }
}
