import type { KubeObject } from '../../shared/kube/port.ts'

/** coordination.k8s.io/v1: https://kubernetes.io/docs/concepts/architecture/leases/ */
export interface Lease extends KubeObject {
  spec?: LeaseSpec
}

interface LeaseSpec {
  /** Absent or empty: nobody holds it. */
  holderIdentity?: string
  leaseDurationSeconds?: number
  acquireTime?: string
  renewTime?: string
  leaseTransitions?: number
}

/** How long what lasts. A holder gives up well before anybody may take the lease from it. */
export interface Terms {
  /** Nobody takes a lease that was renewed less than this ago. */
  durationMs: number
  /** A holder that could not renew for this long writes no more. */
  deadlineMs: number
  /** The longest pause between two looks. */
  retryMs: number
}

/** client-go's proportions: 15 s, 10 s and 2 s. */
export const termsOf = (seconds: number): Terms => ({
  durationMs: seconds * 1000,
  deadlineMs: (seconds * 2000) / 3,
  retryMs: (seconds * 2000) / 15,
})

/** What to write to take the lease, or to keep it. */
export function claim(lease: Lease | undefined, me: string, { durationMs }: Terms, now: number): LeaseSpec {
  const { holderIdentity, acquireTime, leaseTransitions = 0 } = lease?.spec ?? {}
  const mine = holderIdentity === me
  const renewTime = microTime(now)
  return {
    holderIdentity: me,
    leaseDurationSeconds: Math.ceil(durationMs / 1000),
    acquireTime: (mine && acquireTime) || renewTime,
    renewTime,
    leaseTransitions: leaseTransitions + (mine || lease === undefined ? 0 : 1),
  }
}

/** What to write to give it up: the next one need not wait. */
export const resignation = (now: number) => ({ holderIdentity: null, renewTime: microTime(now) })

const microTime = (now: number): string => new Date(now).toISOString().replace('Z', '000Z')
