import type { MlKem } from '../../shared/crypto/kem/types.ts'
import type { Random } from '../../shared/crypto/xwing.ts'
import { createBackoff } from '../../shared/kube/backoff.ts'
import { isUnanswered } from '../../shared/kube/errors.ts'
import type { Kube } from '../../shared/kube/port.ts'
import { deferred } from '../deferred.ts'
import { NotLeading } from '../leader/term.ts'
import type { Log } from '../log.ts'
import type { Pulse } from '../pulse.ts'
import { createQueue } from '../queue.ts'
import { watchKeys } from '../watch.ts'
import { ensureKey } from './first-key.ts'
import { followKeys, type KeyWatchParts } from './follow.ts'
import { createKeyring, type Keyring } from './keyring.ts'
import { createPublisher } from './publish.ts'

export interface KeyServiceParts {
  kube: Kube
  /** Writes go this way. */
  fenced: Kube
  kem: MlKem
  namespace: string
  holder: string
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
  /** From now on until the signal keys are published, and made where none is active; resolves when one is. */
  lead(term: AbortSignal): Promise<void>
  /** Resolves when nothing is being published any more. */
  rest(): Promise<void>
}

const PUBLISH = 'publish'

/** Everything about sealing keys: the watch on their Secrets, a first or next key, and their publication. */
export function createKeyService(parts: KeyServiceParts): KeyService {
  const { namespace, holder, log, random, pulse, fenced, cut } = parts
  let change = deferred()
  let leading: AbortSignal | undefined
  const keyring = createKeyring(parts.kem, () => {
    publishing.add(PUBLISH)
    change.resolve()
    change = deferred()
    parts.changed()
    // The last active key is gone while we lead.
    if (leading && !leading.aborted && !keyring.newest()) void haveKey(leading)
  })
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
  const making = new WeakMap<AbortSignal, Promise<void>>()

  /** Once at a time, because it is the same name that is tried. */
  function haveKey(term: AbortSignal): Promise<void> {
    const under = making.get(term) ?? makeKey(term).finally(() => making.delete(term))
    making.set(term, under)
    return under
  }

  async function makeKey(term: AbortSignal): Promise<void> {
    const backoff = createBackoff(random)
    while (!term.aborted && !keyring.newest()) {
      const next = change.promise
      try {
        await ensureKey({ ...parts, kube: fenced, random: parts.randomBytes, signal: cut })
      } catch (error) {
        if (!term.aborted) log.error({ err: error }, 'no sealing key yet; trying again')
      }
      // The watch brings what is there now.
      await Promise.race([next, pulse.rest(backoff.next(), term)])
    }
  }

  return {
    keyring,
    listed: listed.promise,
    follow: () =>
      followKeys(watchKeys(parts, namespace), { keyring, log, tell: parts.tell, synced: listed.resolve }),
    async lead(term) {
      leading = term
      await haveKey(term)
      if (term.aborted) return
      publishing.add(PUBLISH)
      publishing.start()
    },
    rest: () => publishing.stop(),
  }
}
