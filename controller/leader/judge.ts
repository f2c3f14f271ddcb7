import type { Lease, Terms } from './lease.ts'

/** What a lease said, and since when by our own clock it has said so. */
export interface Sighting {
  mark: string
  holder: string
  durationMs: number
  at: number
}

/**
 * Takes a look. The times in a lease are another machine's, so they are compared for equality only: a lease is as old as
 * the last change of it that we saw.
 */
export function sight(before: Sighting | undefined, lease: Lease, terms: Terms, now: number): Sighting {
  const { holderIdentity: holder = '', leaseDurationSeconds: seconds = 0, renewTime = '' } = lease.spec ?? {}
  const mark = JSON.stringify([lease.metadata.uid, holder, seconds, renewTime, lease.spec?.leaseTransitions])
  // What the holder was promised counts: it may run with other settings than we do.
  const durationMs = seconds > 0 ? seconds * 1000 : terms.durationMs
  return { mark, holder, durationMs, at: before?.mark === mark ? before.at : now }
}

/** How long it takes until the lease is free, if nobody renews it. */
export const leftMs = ({ holder, at, durationMs }: Sighting, now: number): number =>
  holder === '' ? 0 : Math.max(0, at + durationMs - now)

/** Whether we may write ourselves into the lease. */
export function judge(seen: Sighting, me: string, now: number): 'mine' | 'free' | 'taken' {
  if (seen.holder === me) return 'mine'
  return leftMs(seen, now) === 0 ? 'free' : 'taken'
}
