import { AT_REST_ANNOTATION, REWRAP_ANNOTATION } from '../../../shared/keys/labels.ts'
import { isConflict, isNotFound, isUnanswered } from '../../../shared/kube/errors.ts'
import type { Kube } from '../../../shared/kube/port.ts'
import { SECRETS } from '../../../shared/kube/resources.ts'
import { NotLeading } from '../../leader/term.ts'
import type { Log } from '../../log.ts'
import type { SecretObject } from '../../objects.ts'
import type { Pulse } from '../../pulse.ts'
import { createQueue } from '../../queue.ts'
import type { Note } from '../../reconcile/transition.ts'
import type { KeyReading } from '../key-secret.ts'
import { AtRestError, type Form } from './provider.ts'
import type { Seeds } from './seeds.ts'
import { type SeedData, type Stored, storedSeed } from './stored.ts'
import { readWrappedBy } from './wrapped-by.ts'

export interface RewrapParts {
  seeds: Seeds
  /** Writes go this way. */
  fenced: Pick<Kube, 'mergePatch'>
  log: Log
  random: () => number
  pulse: Pulse
  /** Cuts off requests. */
  cut: AbortSignal
  tell: (secret: SecretObject, note: Note) => void
  /** How often the provider is asked for a newer key. */
  everyMs: number
}

/** A key Secret as it was last seen, and what it turned out to be. */
export interface Seen {
  secret: SecretObject
  reading: KeyReading
}

/** Stores seeds anew where the provider has a newer key, and where somebody has asked for it on the Secret. */
export interface Rewrapping {
  look(name: string): void
  start(): void
  /** Resolves when nothing is being written any more. */
  stop(): Promise<void>
}

export function createRewrapping(
  { seeds, fenced, log, random, pulse, cut, tell, everyMs }: RewrapParts,
  seen: ReadonlyMap<string, Seen>,
): Rewrapping {
  /** The last failure that was told of each. */
  const told = new Map<string, string>()
  let timer: NodeJS.Timeout | undefined
  const queue = createQueue({
    concurrency: 1,
    async handle(name) {
      const found = seen.get(name)
      if (!found) return 'done'
      try {
        await rewrap(found)
        told.delete(name)
        return 'done'
      } catch (error) {
        // The watch brings what there is now, and with it another look.
        if (cut.aborted || error instanceof NotLeading || isConflict(error) || isNotFound(error))
          return 'done'
        report(found.secret, error)
        return isUnanswered(error) ? 'unanswered' : 'again'
      }
    },
    onError: (name, error) => log.error({ secret: name, err: error }, 'a fault of ours; will try again'),
    random,
    pulse,
  })

  async function rewrap({ secret, reading }: Seen): Promise<void> {
    const asked = secret.metadata.annotations?.[REWRAP_ANNOTATION] !== undefined
    if (reading.kind !== 'key') {
      if (asked && reading.kind === 'malformed') throw new AtRestError('refused', reading.why)
      return // an unopened one is looked at again when it is open
    }
    const stored = storedSeed(secret)
    const keyId = reading.key.public.id
    const standing = await seeds.standing(stored, keyId)
    // From one provider to another only when asked: a flag alone moves nothing.
    if (!asked && standing !== 'older') return
    const seed = await seeds.open(stored, keyId)
    if (!seed) return
    const next = standing === 'current' ? undefined : await seeds.store(seed, keyId)
    // The provider says that it has a newer key, and does not use it yet.
    if (!asked && next && byOf(next.data) === byOf(secret.data)) return
    await write(secret, next, formOf(stored))
  }

  async function write(secret: SecretObject, next: SeedData | undefined, from: Form): Promise<void> {
    const { name, namespace = '', resourceVersion } = secret.metadata
    const to = next?.form ?? from
    const annotations = { [REWRAP_ANNOTATION]: null, [AT_REST_ANNOTATION]: to }
    const data = { seed: null, wrappedSeed: null, wrappedBy: null, ...next?.data }
    // One write, of this very version: there is no moment at which the Secret holds neither form.
    await fenced.mergePatch(
      SECRETS,
      { namespace, name },
      { metadata: { resourceVersion, annotations }, ...(next && { data }) },
      { signal: cut },
    )
    if (next) log.info({ secret: name, from, to }, 'stored the seed of a sealing key anew')
  }

  function report(secret: SecretObject, error: unknown): void {
    const { name } = secret.metadata
    log.warn({ secret: name, err: error }, 'the seed of a sealing key was not stored anew; will try again')
    const why = error instanceof Error ? error.message : ''
    if (told.get(name) === why) return
    told.set(name, why)
    tell(secret, {
      type: 'Warning',
      reason: 'SeedNotRewrapped',
      action: 'RewrapAtRest',
      note: `The seed stays stored as it is: ${why}.`,
    })
  }

  return {
    look: queue.add,
    start() {
      for (const name of seen.keys()) queue.add(name)
      timer ??= setInterval(() => [...seen.keys()].forEach(queue.add), everyMs)
      queue.start()
    },
    stop() {
      clearInterval(timer)
      timer = undefined
      return queue.stop()
    },
  }
}

const formOf = (stored: Stored): Form =>
  stored.form === 'kms' || stored.form === 'transit' ? stored.form : 'plain'

/** Which key of which provider, in a form to compare. */
function byOf(data: SecretObject['data'] = {}): string {
  const by = readWrappedBy(data.wrappedBy ?? '')
  return JSON.stringify(typeof by === 'object' && by.provider === 'kms-v2' ? by.keyId : by)
}
