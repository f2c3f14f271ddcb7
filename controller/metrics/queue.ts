import { Histogram, type Registry } from 'prom-client'

export interface QueueMetrics {
  waited(ms: number): void
  worked(ms: number): void
}

const BUCKETS = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60]

export function queueMetrics(registers: Registry[]): QueueMetrics {
  const wait = new Histogram({
    name: 'waxwing_queue_wait_duration_seconds',
    help: 'How long an object waits for its turn, from when this replica leads.',
    buckets: BUCKETS,
    registers,
  })
  const work = new Histogram({
    name: 'waxwing_queue_work_duration_seconds',
    help: 'How long an object is worked on, once.',
    buckets: BUCKETS,
    registers,
  })
  return {
    waited: (ms) => wait.observe(ms / 1000),
    worked: (ms) => work.observe(ms / 1000),
  }
}
