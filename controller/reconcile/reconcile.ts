import { rfc3339 } from '../../shared/keys/dates.ts'
import { NotLeading } from '../leader/term.ts'
import type { Log } from '../log.ts'
import type { SecretRef, Status } from '../objects.ts'
import type { Verdict } from '../queue.ts'
import { act, type SealedEntry, type Targets, writeStatus } from './act.ts'
import { decide, type Observed, type Plan } from './decide.ts'
import { failureStatus, isTerminating, isWorthTelling } from './failure.ts'
import {
  type Opened,
  observeCached,
  observeOpened,
  observeSecret,
  readSecret,
  type Sources,
} from './observe.ts'
import { dependsOnKeys } from './refusal.ts'
import { driftNote, type Note, transition } from './transition.ts'

/** Looking again after losing a race; whoever loses more often than this waits. */
const MAX_ROUNDS = 4

export interface ReconcileParts {
  sources: Sources
  targets: Targets
  now: () => number
  log: Log
  /** Which row a reconcile ended in, or `error`. */
  ended: (result: string) => void
  /** A Secret was put back. */
  corrected: () => void
  /** Must not block. */
  tell: (object: SealedEntry['object'], note: Note) => void
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

  async function reconcile(key: string, attempt: number): Promise<Verdict> {
    const cached = observeCached(targets.sealed.get(key)?.object, targets.secrets.get(key))
    if (cached) return finish(key, decide(cached, ''))
    const object = targets.sealed.get(key)?.object
    if (!object) return 'done'
    try {
      const opened = await observeOpened(object, sources)
      if (opened.kind === 'refused' && dependsOnKeys(opened.code)) waiting.add(key)
      else waiting.delete(key)
      return await converge(key, opened)
    } catch (error) {
      return fail(key, object, error, attempt)
    }
  }

  async function converge(key: string, opened: Opened): Promise<Verdict> {
    const { object } = opened
    for (let round = 1; round <= MAX_ROUNDS; round++) {
      const now = rfc3339(parts.now())
      const plan = decide(await complete(opened, targets.secrets.get(key), round), now)
      const acted = await act(plan, object, targets, now)
      if (acted.kind === 'stale') continue
      tell(object, plan, acted.status)
      return finish(key, plan)
    }
    parts.ended('contended')
    return 'again'
  }

  /** A Secret of which the first look turned out to be wrong is read, whatever the cache says. */
  async function complete(opened: Opened, cached: SecretRef | undefined, round: number): Promise<Observed> {
    if (opened.kind === 'refused') return opened
    const secret =
      round === 1
        ? await observeSecret(opened.object, cached, sources)
        : await readSecret(opened.object.metadata, sources)
    return { ...opened, secret }
  }

  function tell(object: SealedEntry['object'], plan: Plan, after: Status | undefined): void {
    const drift = driftNote(plan, object.status, object.metadata.generation ?? 0)
    if (drift) {
      parts.corrected()
      parts.tell(object, drift)
    }
    const change = after && transition(object.status, after)
    if (change) parts.tell(object, change)
  }

  function finish(key: string, plan: Plan): Verdict {
    if (plan.row === 'gone' || plan.row === 'deleting') waiting.delete(key)
    log.debug({ key, row: plan.row, act: plan.act }, 'reconciled')
    parts.ended(plan.row)
    return plan.act === 'nothing' || plan.act === 'report' ? (plan.retry ? 'again' : 'done') : 'done'
  }

  async function fail(
    key: string,
    object: SealedEntry['object'],
    error: unknown,
    attempt: number,
  ): Promise<Verdict> {
    if (targets.signal.aborted || error instanceof NotLeading) return 'again'
    if (isTerminating(error)) {
      parts.ended('namespace-terminating')
      return 'done'
    }
    parts.ended('error')
    // One outage fails every object a few times; what matters is the one that stays.
    log[isWorthTelling(attempt) ? 'warn' : 'debug'](
      { key, attempt, err: error },
      'reconcile failed; will try again',
    )
    const status = failureStatus(object, error, attempt, rfc3339(parts.now()))
    if (!status) return 'again'
    try {
      const written = await writeStatus(object, status, targets)
      const change = written && transition(object.status, written)
      if (change) parts.tell(object, change)
    } catch (statusError) {
      log.debug({ key, err: statusError }, 'the status could not be written either')
    }
    return 'again'
  }

  return { reconcile, waitingForKeys: () => [...waiting] }
}
