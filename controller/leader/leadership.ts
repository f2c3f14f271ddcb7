import type { Change } from '../../shared/kube/reflector.ts'
import type { Pulse } from '../pulse.ts'
import { createEcho } from './echo.ts'
import { createLeader, type Leader, type LeaderParts } from './leader.ts'
import type { Lease } from './lease.ts'

export interface LeadershipParts extends Omit<LeaderParts, 'saw' | 'pulse'> {
  pulse: Pick<Pulse, 'beat' | 'pace' | 'hasten' | 'watchesBroke'>
}

export interface Leadership extends Omit<Leader, 'stand'> {
  /** Stands for election until the end, and hears of the Lease by `changes` what looks at it would learn later. */
  stand(changes: AsyncIterable<Change<Lease>>): Promise<void>
}

/** The Lease, looked at and watched; who hears nothing of it by the watch hears nothing by the others either. */
export function createLeadership(parts: LeadershipParts): Leadership {
  const { clock, log, pulse, me } = parts
  const echo = createEcho(clock, () => {
    log.warn({}, 'the watches tell nothing of what happens; opening them anew')
    pulse.watchesBroke()
  })
  const saw = ({ metadata }: Lease) => echo.looked(metadata.resourceVersion)
  const leader = createLeader({ ...parts, saw })

  /** Who does not lead hears at once that the lease was renewed, or left. */
  async function hear(changes: AsyncIterable<Change<Lease>>): Promise<void> {
    for await (const change of changes) {
      if (change.type !== 'upsert') continue
      echo.heard(change.object.metadata.resourceVersion)
      if (change.object.spec?.holderIdentity !== me) pulse.hasten()
    }
  }

  return {
    ...leader,
    async stand(changes) {
      await Promise.all([leader.stand(), hear(changes)])
    },
  }
}
