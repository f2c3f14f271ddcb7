import { Counter, Gauge, type Registry } from 'prom-client'

export interface LeaseMetrics {
  /** This replica became the leader. */
  leads(): void
  /** `at`: milliseconds since 1970. */
  leaseRenewed(at: number): void
}

export function leaseMetrics(registers: Registry[]): LeaseMetrics {
  const terms = new Counter({
    name: 'waxwing_leader_terms_total',
    help: 'How often this replica became the leader.',
    registers,
  })
  const renewed = new Gauge({
    name: 'waxwing_lease_renewed_timestamp_seconds',
    help: 'When this replica last took or renewed the Lease; 0: never.',
    registers,
  })
  return {
    leads: () => terms.inc(),
    leaseRenewed: (at) => renewed.set(at / 1000),
  }
}
