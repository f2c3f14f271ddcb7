import type { MlKem } from '../../shared/crypto/kem/types.ts'
import type { Random } from '../../shared/crypto/xwing.ts'
import { onAbort } from '../../shared/kube/abort.ts'
import { createBackoff } from '../../shared/kube/backoff.ts'
import { isUnanswered } from '../../shared/kube/errors.ts'
import type { Kube } from '../../shared/kube/port.ts'
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
import { createPublisher } from './publish.ts'
import { type Renewal, renewalDue } from './renewal.ts'

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
  renewal: Renewal
  log: Log
  now: () => number
  random: () => number
  randomBytes: Random
  pulse: Pulse
  /** Ends the watch. */
  signal: AbortSignal
  /** Cuts off requests. */
  cut: AbortSignal
  disconnected: (resource: string, error: unknown) => void
  tell: KeyWatchParts['tell']
  /** After the keys that open are others than before. */
  changed: () => void
}

export interface KeyService {
  keyring: Keyring
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
/** A timer may sleep through hours with its machine, and none lasts for a month; the date is looked at this often. */
const LOOK_MS = 60_000

/** Everything about sealing keys: the watch on their Secrets, a first or next key, and their publication. */
export function createKeyService(parts: KeyServiceParts): KeyService {
  const { namespace, holder, renewal, log, now, random, pulse, fenced, cut, seeds } = parts
  let change = deferred()
  const keyring = createKeyring(parts.kem, seeds.open, () => {
    publishing.add(PUBLISH)
    change.resolve()
    change = deferred()
    parts.changed()
  })
  const atRest = createAtRest({
    ...parts,
    everyMs: parts.atRestCheckMs,
    opened: (secret) => takeKey(secret, taking, true),
  })
  const taking = { keyring, atRest, log, tell: parts.tell }
  const publisher = createPublisher(fenced, log, cut)
  const publishing = createQueue({
    concurrency: 1,
    async handle() {
      const active = keyring.all().filter(({ state }) => state === 'active')
      try {
        await publisher.publish(active.map((key) => ({ ...key.public, holder })))
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
