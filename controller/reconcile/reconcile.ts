import { rfc3339 } from '../../shared/keys/dates.ts'
import { isUnanswered } from '../../shared/kube/errors.ts'
import type { ReconcileAudit } from '../audit/reconciles.ts'
import { NotLeading } from '../leader/term.ts'
import type { Log } from '../log.ts'
import type { SealedObject, Status } from '../objects.ts'
import type { Verdict } from '../queue.ts'
import { act, writeStatus } from './act.ts'
import { wholeOf } from './brief.ts'
import { createCalm } from './calm.ts'
import { wasReady } from './conditions.ts'
import { decide, type Observed, type Plan } from './decide.ts'
import { editorsOf } from './editors.ts'
import { failureStatus, isHopeless, isTerminating, isWorthTelling } from './failure.ts'
import { observeCached, observeOpened, observeSecret, readSecret, type Sources } from './observe.ts'
import { dependsOnKeys } from './refusal.ts'
import type { Targets } from './targets.ts'
import { adoptionNote, driftNote, type Note, transition } from './transition.ts'

/** Looking again after losing a race; whoever loses more often than this waits. */
const MAX_ROUNDS = 6

export interface ReconcileParts {
  sources: Sources
  targets: Targets
  now: () => number
  log: Log
  /** Which row a reconcile ended in, or `error`. */
  ended: (result: string) => void
  /** A Secret was put back, after these had changed it, as far as that is known. */
  corrected: (editors: readonly string[]) => void
  /** Must not block. */
  tell: (object: SealedObject, note: Note) => void
  audit?: ReconcileAudit | undefined
}

export interface Reconciler {
  reconcile(key: string, attempt: number): Promise<Verdict>
  /** The keys of the objects whose last refusal a change of the sealing keys may lift. */
  waitingForKeys(): string[]
}

/** Brings one SealedSecret and its Secret together: observe, decide, act. */
export function createReconciler(parts: ReconcileParts): Reconciler {
  const { sources, targets, log } = parts
  const waiting = new Set<string>()
  const calm = createCalm(sources.clock)

  async function reconcile(key: string, attempt: number): Promise<Verdict> {
    const entry = targets.sealed.get(key)
    const cached = observeCached(entry?.brief, targets.secrets.get(key))
    if (cached) return finish(key, decide(cached, ''))
    if (!entry) return 'done'
    const { brief } = entry
    const afterMs = wasReady(brief) ? calm.waitMs(key) : 0
    if (afterMs > 0) {
      parts.ended('held-back')
      return { afterMs }
    }
    if (brief.metadata.deletionTimestamp !== undefined)
      return part(key, brief).catch((error) => fail(key, brief, error, attempt))
    let object = brief
    try {
      const whole = await wholeOf(entry, sources)
      // The watch will tell the same.
      if (!whole || whole.metadata.deletionTimestamp !== undefined) return 'done'
      object = whole
      return await sync(key, object)
    } catch (error) {
      return fail(key, object, error, attempt)
    }
  }

  async function sync(key: string, object: SealedObject): Promise<Verdict> {
    const opened = await observeOpened(object, sources)
    if (opened.kind === 'refused' && dependsOnKeys(opened.code)) waiting.add(key)
    else waiting.delete(key)
    return converge(key, object, async (current, round) => {
      if (opened.kind === 'refused') return { ...opened, object: current }
      // A Secret of which the first look turned out to be wrong is read, whatever the cache says.
      const secret =
        round === 1
          ? await observeSecret(current, targets.secrets.get(key), sources)
          : await readSecret(current.metadata, sources)
      return { ...opened, object: current, secret }
    })
  }

  /** An object that goes takes its keys out of a Secret that stays. */
  function part(key: string, object: SealedObject, refused = false): Promise<Verdict> {
    return converge(key, object, async (current) => {
      const secret = refused ? undefined : await readSecret(current.metadata, sources)
      return { kind: 'deleting', object: current, secret, refused }
    })
  }

  async function converge(
    key: string,
    object: SealedObject,
    look: (object: SealedObject, round: number) => Promise<Observed>,
  ): Promise<Verdict> {
    const audit = parts.audit?.()
    let current = object
    for (let round = 1; round <= MAX_ROUNDS; round++) {
      const now = rfc3339(parts.now())
      const observed = await look(current, round)
      const plan = decide(observed, now)
      const acted = await act(plan, current, audit?.(observed, plan, targets) ?? targets, now)
      if (acted.kind === 'stale') continue
      if (acted.kind === 'behind') break
      tell(key, observed, plan, acted.kind === 'done' ? acted.status : undefined)
      if (acted.kind === 'done') return finish(key, plan)
      current = acted.object
    }
    parts.ended('contended')
    return 'again'
  }

  function tell(key: string, observed: Observed, plan: Plan, after: Status | undefined): void {
    if (observed.kind !== 'opened' && observed.kind !== 'refused') return
    const { object } = observed
    const secret = observed.kind === 'opened' ? observed.secret : undefined
    const editors = secret && 'changed' in plan ? editorsOf(secret, plan.changed) : []
    const drift = driftNote(plan, object.status, object.metadata.generation ?? 0, editors)
    if (drift) {
      calm.corrected(key)
      parts.corrected(editors)
    }
    for (const note of [adoptionNote(plan), drift, after && transition(object.status, after)])
      if (note) parts.tell(object, note)
  }

  function finish(key: string, plan: Plan): Verdict {
    if (plan.row === 'gone' || plan.row === 'deleting') waiting.delete(key)
    log.debug({ key, row: plan.row, act: plan.act }, 'reconciled')
    parts.ended(plan.row)
    return (plan.act === 'nothing' || plan.act === 'report') && plan.retry ? 'again' : 'done'
  }

  async function fail(key: string, object: SealedObject, error: unknown, attempt: number): Promise<Verdict> {
    if (targets.signal.aborted || error instanceof NotLeading) return 'again'
    const verdict = isUnanswered(error) ? 'unanswered' : 'again'
    if (isTerminating(error)) return finish(key, decide({ kind: 'terminating' }, ''))
    parts.ended('error')
    // One outage fails every object a few times; what matters is the one that stays.
    log[isWorthTelling(attempt) ? 'warn' : 'debug'](
      { key, attempt, err: error },
      'reconcile failed; will try again',
    )
    try {
      if (object.metadata.deletionTimestamp !== undefined)
        return isHopeless(error, attempt) ? await part(key, object, true) : verdict
      await reportFailure(object, error, attempt)
    } catch (statusError) {
      log.debug({ key, err: statusError }, 'the status could not be written either')
    }
    return verdict
  }

  async function reportFailure(object: SealedObject, error: unknown, attempt: number): Promise<void> {
    const status = failureStatus(object, error, attempt, rfc3339(parts.now()))
    const written = status && (await writeStatus(object, status, targets))
    const change = written && transition(object.status, written)
    if (change) parts.tell(object, change)
  }

  return { reconcile, waitingForKeys: () => [...waiting] }
}
