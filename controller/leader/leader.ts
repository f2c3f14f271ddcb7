import { childOf } from '../../shared/kube/abort.ts'
import { isAlreadyExists, isConflict, unlessGone } from '../../shared/kube/errors.ts'
import type { CallOptions, Kube, ObjectId } from '../../shared/kube/port.ts'
import { LEASES } from '../../shared/kube/resources.ts'
import type { Log } from '../log.ts'
import type { Pulse } from '../pulse.ts'
import { judge, leftMs, type Sighting, sight } from './judge.ts'
import { claim, type Lease, resignation, type Terms } from './lease.ts'
import { createTerm, type Term } from './term.ts'

export interface LeaderParts {
  kube: Pick<Kube, 'get' | 'create' | 'mergePatch'>
  /** Which lease. */
  id: ObjectId
  /** Nobody else's, not even our own at another time. */
  me: string
  terms: Terms
  log: Log
  now: () => number
  clock: () => number
  random: () => number
  /** Told how each look ended; looks are made as soon as it wants. */
  pulse: Pick<Pulse, 'beat' | 'pace'>
  /** Ends the standing for election; a term goes on until `release`. */
  signal: AbortSignal
  /** A term begins, or has ended. Must not block. */
  gained: (term: Term) => void
  lost: () => void
  /** The lease is ours for another while. */
  renewed: () => void
  /** The lease as a look has found or left it. */
  saw: (lease: Lease) => void
}

export interface Leader {
  /** Stands for election until the end. */
  stand(): Promise<void>
  term(): Term | undefined
  /** Ends the term and lets the next one lead at once. To be called when nothing is written any more. */
  release(): Promise<void>
}

/** A release that takes longer is not worth the wait: the lease runs out by itself. */
const RELEASE_MS = 500
/** The longest pause after a look that got no answer, however long the lease lasts. */
const SILENCE_MS = 5_000
/**
 * A look that has no answer by then goes over a broken link, more likely than not. Two of them and a pause go into the time
 * that a leader of the usual lease may go without, and however long a lease lasts, silence is noticed soon.
 */
const LOOK_MS = 3_000

export function createLeader(parts: LeaderParts): Leader {
  const { kube, id, me, terms, log, now, clock, random, pulse, signal } = parts
  /** As the server answered last; undefined: look again before the next write. */
  let lease: Lease | undefined
  let seen: Sighting | undefined
  let term: Term | undefined
  let told = false
  let standing: Promise<void> = Promise.resolve()

  const look = (options: CallOptions): Promise<Lease | undefined> =>
    unlessGone(kube.get<Lease>(LEASES, id, options))

  /** One look, and one write if the lease is ours or free. */
  async function attempt(options: CallOptions): Promise<void> {
    lease ??= await look(options)
    if (lease) {
      parts.saw(lease)
      seen = sight(seen, lease, terms, clock())
      if (judge(seen, me, clock()) === 'taken') {
        lease = undefined
        term?.end()
        return
      }
    }
    const spec = claim(lease, me, terms, now())
    const sentAt = clock()
    if (lease) {
      // The version is the lock: of several who find it free, one gets it.
      const patch = { metadata: { resourceVersion: lease.metadata.resourceVersion }, spec }
      lease = await kube.mergePatch<Lease>(LEASES, id, patch, options)
    } else lease = await kube.create<Lease>(LEASES, { metadata: { ...id }, spec }, options)
    parts.saw(lease)
    parts.renewed()
    renewed(sentAt)
  }

  function renewed(sentAt: number): void {
    term?.renewed(sentAt)
    if (term || clock() - sentAt >= terms.deadlineMs || signal.aborted) return
    const ended = () => {
      term = undefined
      log[signal.aborted ? 'info' : 'warn']({ lease: id.name }, 'no longer the leader')
      parts.lost()
    }
    term = createTerm(sentAt, { deadlineMs: terms.deadlineMs, clock, ended })
    log.info({ lease: id.name, me }, 'became the leader')
    parts.gained(term)
  }

  async function campaign(): Promise<void> {
    let answered = true
    while (!signal.aborted) {
      const before = answered
      answered = await tryOnce()
      if (signal.aborted) return
      pulse.beat(answered)
      // The first silence may be the link's, and the next look goes over another one.
      if (answered || !before) await pulse.pace(pauseMs(answered), signal)
    }
  }

  function pauseMs(answered: boolean): number {
    const longest = answered ? terms.retryMs : Math.min(terms.retryMs, SILENCE_MS)
    const pause = longest * (0.5 + 0.4 * random())
    const left = answered && seen && seen.holder !== me ? leftMs(seen, clock()) : 0
    return left > 0 ? Math.min(pause, left) : pause
  }

  /** Whether the server answered. */
  async function tryOnce(): Promise<boolean> {
    try {
      await within(Math.min(terms.deadlineMs / 2, LOOK_MS), signal, (cut) => attempt({ ...cut, apart: true }))
      if (told) log.info({ lease: id.name }, 'the API server answers again')
      told = false
      return true
    } catch (error) {
      lease = undefined
      // Somebody else was faster, or not only the lease was written.
      if (isConflict(error) || isAlreadyExists(error)) return true
      if (!signal.aborted)
        log[told ? 'debug' : 'warn']({ err: error, lease: id.name }, 'no hold of the lease; work rests')
      told = true
      return false
    }
  }

  /** What was cut off in the middle may have reached the server, so it is asked. */
  async function resign(options: CallOptions): Promise<void> {
    const current = await look(options)
    if (current?.spec?.holderIdentity !== me) return
    const { resourceVersion } = current.metadata
    await kube.mergePatch(LEASES, id, { metadata: { resourceVersion }, spec: resignation(now()) }, options)
  }

  return {
    stand() {
      standing = campaign()
      return standing
    },
    term: () => term,
    async release() {
      term?.end()
      await standing
      await within(RELEASE_MS, undefined, resign).catch((error: unknown) =>
        log.debug({ err: error, lease: id.name }, 'the lease was not released'),
      )
    },
  }
}

/** Cuts a call off after `ms`: a request on a broken link would otherwise outlast the term. */
async function within<T>(
  ms: number,
  signal: AbortSignal | undefined,
  call: (options: { signal: AbortSignal }) => Promise<T>,
): Promise<T> {
  const cut = childOf(signal)
  const timer = setTimeout(() => cut.abort(new Error('no answer in time')), ms)
  try {
    return await call({ signal: cut.signal })
  } finally {
    clearTimeout(timer)
    cut.release()
  }
}
