import type { MlKem } from '../../shared/crypto/kem/types.ts'
import type { Random } from '../../shared/crypto/xwing.ts'
import { sleep } from '../../shared/kube/abort.ts'
import { createBackoff } from '../../shared/kube/backoff.ts'
import type { Kube } from '../../shared/kube/port.ts'
import { deferred } from '../deferred.ts'
import type { Log } from '../log.ts'
import { createQueue } from '../queue.ts'
import { watchKeys } from '../watch.ts'
import { ensureKey } from './first-key.ts'
import { followKeys, type KeyWatchParts } from './follow.ts'
import { createKeyring, type Keyring } from './keyring.ts'
import { createPublisher } from './publish.ts'

export interface KeyServiceParts {
  kube: Kube
  kem: MlKem
  namespace: string
  holder: string
  log: Log
  now: () => number
  random: () => number
  randomBytes: Random
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
  /** Resolves when the key Secrets are read and one of them is active, if need be a new one. */
  ready: Promise<void>
  /** Watches until the end. */
  follow(): Promise<void>
  stop(): Promise<void>
}

const PUBLISH = 'publish'

/** Everything about sealing keys: the watch on their Secrets, the first key, and their publication. */
export function createKeyService(parts: KeyServiceParts): KeyService {
  const { kube, namespace, holder, log, random, signal, cut } = parts
  const keyring = createKeyring(parts.kem, () => {
    publishing.add(PUBLISH)
    parts.changed()
  })
  const publisher = createPublisher(kube, log, cut)
  const publishing = createQueue({
    concurrency: 1,
    async handle() {
      const active = keyring.all().filter(({ state }) => state === 'active')
      await publisher.publish(active.map((key) => ({ ...key.public, holder })))
      return 'done'
    },
    onError: (_key, error) => {
      if (!cut.aborted) log.warn({ err: error }, 'publishing the keys failed; will try again')
    },
    random,
  })

  async function firstKey(): Promise<void> {
    const backoff = createBackoff(random)
    while (!signal.aborted) {
      try {
        const secrets = await ensureKey({ ...parts, random: parts.randomBytes, signal: cut })
        for (const secret of secrets) await keyring.upsert(secret)
        return
      } catch (error) {
        if (signal.aborted) return
        log.error({ err: error }, 'no sealing key yet; trying again')
        await sleep(backoff.next(), signal)
      }
    }
  }

  const listed = deferred()
  const ready = listed.promise.then(firstKey).then(() => publishing.start())
  return {
    keyring,
    ready,
    follow: () =>
      followKeys(watchKeys(parts, namespace), { keyring, log, tell: parts.tell, synced: listed.resolve }),
    stop: () => publishing.stop(),
  }
}
