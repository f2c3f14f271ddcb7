import { Counter, type Registry } from 'prom-client'

export interface WatchMetrics {
  /** Lost, or not to be had. */
  disconnected(resource: string): void
  /** Stands again, whatever had ended it. */
  rewatched(resource: string): void
}

export function watchMetrics(registers: Registry[]): WatchMetrics {
  const lost = new Counter({
    name: 'waxwing_watch_failures_total',
    help: 'Watches lost or attempts to list or watch that failed, by resource.',
    labelNames: ['resource'],
    registers,
  })
  const restarts = new Counter({
    name: 'waxwing_watch_restarts_total',
    help: 'Watches opened after the first one, by resource: the server ends each after some minutes.',
    labelNames: ['resource'],
    registers,
  })
  return {
    disconnected: (resource) => lost.inc({ resource }),
    rewatched: (resource) => restarts.inc({ resource }),
  }
}
