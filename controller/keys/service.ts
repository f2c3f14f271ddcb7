import type { MlKem } from '../../shared/crypto/kem/types.ts'
import type { Random } from '../../shared/crypto/xwing.ts'
import type { KeyUsage } from '../../shared/keys/published.ts'
import { onAbort } from '../../shared/kube/abort.ts'
import { createBackoff } from '../../shared/kube/backoff.ts'
import { isUnanswered } from '../../shared/kube/errors.ts'
import type { Kube } from '../../shared/kube/port.ts'
import type { KeyAudit } from '../audit/keys.ts'
import { deferred } from '../deferred.ts'
import { NotLeading } from '../leader/term.ts'
import type { Log } from '../log.ts'
import type { Pulse } from '../pulse.ts'
import { createQueue } from '../queue.ts'
import { watchKeys } from '../watch.ts'
import { createAtRest } from './at-rest/at-rest.ts'
import type { Seeds } from './at-rest/seeds.ts'
import { ensureKey } from './first-key.ts'
import { followKeys, type KeyWatchParts, takeKey } from './follow.ts'
import { createKeyring, type Keyring } from './keyring.ts'
import type { Publication } from './publication.ts'
import { createPublisher } from './publish.ts'
import { type Renewal, renewalDue } from './renewal.ts'
import { createUsageCounter, type UsageCounter } from './usage.ts'

export interface KeyServiceParts {
  kube: Kube
  /** Writes go this way. */
  fenced: Kube
  kem: MlKem
  seeds: Seeds
  /** How often whoever wraps the seeds is asked for a newer key. */
  atRestCheckMs: number
  namespace: string
  holder: string
  /** In whose name objects are counted: what replicas share and installations do not. */
  counter: string
  renewal: Renewal
  log: Log
  now: () => number
  /** Milliseconds that never go back. */
  clock: () => number
  random: () => number
  randomBytes: Random
  pulse: Pulse
  /** Ends the watch. */
  signal: AbortSignal
  /** Cuts off requests. */
  cut: AbortSignal
  disconnected: (resource: string, error: unknown) => void
  rewatched: (resource: string) => void
  tell: KeyWatchParts['tell']
  audit?: KeyAudit | undefined
  /** After the keys that open are others than before. */
  changed: () => void
}

export interface KeyService {
  keyring: Keyring
  /** Is to be told of every SealedSecret. */
  see: UsageCounter['see']
  /** By key id; undefined until `counted`: nobody may take a first number for the whole. */
  usage(): ReadonlyMap<string, KeyUsage> | undefined
  /** Every SealedSecret that is there has been seen. */
  counted(): void
  /** Resolves when the key Secrets are read. */
  listed: Promise<void>
  /** Watches until the end. */
  follow(): Promise<void>
  /** From now on until the signal keys are published, and made where one is due; resolves when one is active. */
  lead(term: AbortSignal): Promise<void>
  /** What is missing for being ready, in words. */
  missing(): string[]
  /** Resolves when nothing is being written any more. */
  rest(): Promise<void>
}

const PUBLISH = 'publish'
const USAGE = 'usage'
/** Counts are written a moment after the first change, and then at most this often, whatever comes. */
const USAGE_SETTLE_MS = 1_000
const USAGE_PAUSE_MS = 10_000
/** A timer may sleep through hours with its machine, and none lasts for a month; the date is looked at this often. */
const LOOK_MS = 60_000

/** Everything about sealing keys: the watch on their Secrets, a first or next key, and their publication. */
export function createKeyService(parts: KeyServiceParts): KeyService {
  const { namespace, holder, counter, renewal, log, now, clock, random, pulse, cut, seeds, audit } = parts
  const fenced = audit?.writes(parts.fenced) ?? parts.fenced
  let change = deferred()
  const keyring = createKeyring(parts.kem, seeds.open, () => {
    publishing.add(PUBLISH)
    change.resolve()
    change = deferred()
    parts.changed()
  })
  const atRest = createAtRest({
    ...parts,
    fenced,
    everyMs: parts.atRestCheckMs,
    opened: (secret) => takeKey(secret, taking, true),
  })
  const taking = { keyring, atRest, audit, log, tell: parts.tell }
  let allSeen = false
  /** When counts may be written next; undefined: they have not changed since. */
  let usageAt: number | undefined
  let publishedAt = Number.NEGATIVE_INFINITY
  const counting = createUsageCounter(() => {
    if (!allSeen || usageAt !== undefined) return
    usageAt = Math.max(clock() + USAGE_SETTLE_MS, publishedAt + USAGE_PAUSE_MS)
    publishing.add(USAGE)
  })
  const usage = () =>
    allSeen
      ? counting.count(keyring.all().map((key) => ({ id: key.public.id, active: key.state === 'active' })))
      : undefined

  const publisher = createPublisher({ kube: fenced, namespace, counter, log, signal: cut })
  const publishing = createQueue({
    concurrency: 1,
    async handle(key) {
      const waitMs = (usageAt ?? 0) - clock()
      if (key === USAGE && usageAt !== undefined && waitMs > 0) return { afterMs: waitMs }
      usageAt = undefined
      publishedAt = clock()
      try {
        await publisher.publish(publication())
        return 'done'
      } catch (error) {
        tellFailure(error)
        return isUnanswered(error) ? 'unanswered' : 'again'
      }
    },
    onError: (_key, error) => tellFailure(error),
    random,
    pulse,
  })

  function publication(): Publication {
    // A key that somebody else has to open first is not gone, and may be the other key that objects have.
    const complete = keyring.counts().wrapped === 0
    const counts = complete ? usage() : undefined
    return {
      keys: keyring.all().map(({ name, state, public: key }) => {
        const count = counts?.get(key.id)
        return { key: { ...key, holder }, state, secret: name, ...(count && { usage: count }) }
      }),
      complete,
    }
  }

  function tellFailure(error: unknown): void {
    if (!cut.aborted && !(error instanceof NotLeading))
      log.warn({ err: error }, 'publishing the keys failed; will try again')
  }

  const listed = deferred()

  /** How long until a new key is due; 0 or less: it is. */
  const untilDue = (): number => (renewalDue(keyring.all(), renewal, now()) ?? Infinity) - now()

  /** Sees to it that there is an active key, and one that is new enough. */
  async function keepKey(term: AbortSignal): Promise<void> {
    const backoff = createBackoff(random)
    while (!term.aborted) {
      const next = change.promise
      const wait = untilDue()
      if (wait <= 0) await makeKey(term)
      else backoff.reset()
      // The watch brings what is there now.
      await Promise.race([next, pulse.rest(wait <= 0 ? backoff.next() : Math.min(wait, LOOK_MS), term)])
    }
  }

  async function makeKey(term: AbortSignal): Promise<void> {
    try {
      await ensureKey({ ...parts, kube: fenced, random: parts.randomBytes, signal: cut })
    } catch (error) {
      if (term.aborted) return
      const words = keyring.newest() ? 'the sealing key was not renewed' : 'no sealing key yet'
      log.error({ err: error }, `${words}; trying again`)
    }
  }

  async function activeKey(term: AbortSignal): Promise<void> {
    const ended = new Promise<void>((resolve) => onAbort(term, () => resolve()))
    while (!term.aborted && !keyring.newest()) await Promise.race([change.promise, ended])
  }

  return {
    keyring,
    see: counting.see,
    usage,
    counted() {
      allSeen = true
    },
    listed: listed.promise,
    follow: () => followKeys(watchKeys(parts, namespace), { ...taking, synced: listed.resolve }),
    async lead(term) {
      atRest.start()
      void keepKey(term)
      await activeKey(term)
      if (term.aborted) return
      publishing.add(PUBLISH)
      publishing.start()
    },
    missing() {
      if (keyring.newest()) return []
      return keyring.counts().wrapped > 0
        ? ['the sealing keys are wrapped, and whoever wrapped them does not open them now']
        : ['no sealing key']
    },
    async rest() {
      await Promise.all([publishing.stop(), atRest.stop()])
    },
  }
}
