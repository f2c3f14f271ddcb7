import { SECRETS } from '../../shared/kube/resources.ts'
import type { Observed, Plan } from '../reconcile/decide.ts'
import type { Targets } from '../reconcile/targets.ts'
import type { Audit } from './entry.ts'
import { type Holds, refusalOf, unsealOf, writeOf } from './objects.ts'
import { tellingWrites } from './writes.ts'

/** Takes what one round of a reconcile saw and means to do, and gives the targets by which its writes are noted. */
type RoundAudit = (observed: Observed, plan: Plan, targets: Targets) => Targets

/** For each reconcile one of its own: an object is opened once, however many rounds follow. */
export type ReconcileAudit = () => RoundAudit

/** Notes nothing of a round in which there is nothing to do, so that a log grows only when something happens. */
export function createReconcileAudit(record: Audit, holds: Holds): ReconcileAudit {
  return () => {
    let opened = false
    return (observed, plan, targets) => {
      if (plan.act === 'nothing') return targets
      if (!opened && (observed.kind === 'opened' || observed.kind === 'refused')) {
        opened = true
        record(unsealOf(observed, holds))
      }
      const refusal = refusalOf(observed, plan, holds)
      if (refusal) record(refusal)
      const kube = tellingWrites(targets.kube, ({ resource }) => (sent) => {
        const write = resource === SECRETS ? writeOf(observed, plan, sent, holds) : undefined
        if (write) record(write)
      })
      return { ...targets, kube }
    }
  }
}
