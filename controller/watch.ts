import { childOf } from '../shared/kube/abort.ts'
import type { Kube, KubeObject } from '../shared/kube/port.ts'
import { type Change, reflect, type Source, sourceOf } from '../shared/kube/reflector.ts'
import { SEALED_SECRETS, SECRETS } from '../shared/kube/resources.ts'
import type { Cache } from './cache.ts'
import { keySelection } from './keys/keyring.ts'
import {
  keyOf,
  MANAGED_BY,
  MANAGED_BY_LABEL,
  type SealedObject,
  type SecretEntry,
  type SecretObject,
  secretEntry,
} from './objects.ts'
import type { Pulse } from './pulse.ts'
import { type SealedEntry, sealedEntry } from './reconcile/targets.ts'

export interface WatchParts {
  kube: Kube
  sealed: Cache<SealedEntry>
  secrets: Cache<SecretEntry>
  /** Which SealedSecrets; absent: all. */
  selector?: string | undefined
  /** Called with each SealedSecret and its spec; without one when it is gone. */
  seen: (key: string, spec?: unknown) => void
  /** A key whose object or Secret changed. */
  enqueue: (key: string) => void
  disconnected: (resource: string, error: unknown) => void
  random: () => number
  pulse: Pick<Pulse, 'rest' | 'recovered'>
  signal: AbortSignal
}

/** Of the Secrets we made, only which version there is: no data is kept, nor even sent. */
const OWNED = { labelSelector: `${MANAGED_BY_LABEL}=${MANAGED_BY}`, metadataOnly: true }

/**
 * Fills the caches for ever, with one pair of watches per namespace, or one for all (`undefined`). `synced` is called
 * once, when every first list is in.
 */
export async function followObjects(
  namespaces: readonly (string | undefined)[],
  parts: WatchParts,
  synced: () => void,
): Promise<void> {
  const { kube, sealed, secrets, selector: labelSelector } = parts
  let open = namespaces.length * 2
  const first = () => {
    open -= 1
    if (open === 0) synced()
  }
  await Promise.all(
    namespaces.flatMap((namespace) => {
      const where = namespace === undefined ? {} : { namespace }
      const objects = sourceOf<SealedObject>(kube, SEALED_SECRETS, {
        ...where,
        ...(labelSelector !== undefined && { labelSelector }),
      })
      const metadata = sourceOf<KubeObject>(kube, SECRETS, { ...where, ...OWNED })
      return [
        follow(
          telling(reflect(renewed(objects, parts.pulse), optionsFor('sealedsecrets', parts)), parts.seen),
          sealed,
          sealedEntry,
          namespace,
          parts,
          first,
        ),
        follow(
          reflect(renewed(metadata, parts.pulse), optionsFor('secrets', parts)),
          secrets,
          secretEntry,
          namespace,
          parts,
          first,
        ),
      ]
    }),
  )
}

/** The same changes; `seen` hears of each first. */
async function* telling(
  changes: AsyncIterable<Change<SealedObject>>,
  seen: WatchParts['seen'],
): AsyncIterable<Change<SealedObject>> {
  for await (const change of changes) {
    if (change.type === 'upsert') seen(keyOf(change.object.metadata), change.object.spec)
    else if (change.type === 'delete') seen(keyOf(change.id))
    yield change
  }
}

async function follow<T extends KubeObject, E extends { resourceVersion: string }>(
  changes: AsyncIterable<Change<T>>,
  cache: Cache<E>,
  entryOf: (object: T) => E,
  namespace: string | undefined,
  { enqueue }: WatchParts,
  first: () => void,
): Promise<void> {
  let listed = false
  for await (const change of changes) {
    const entry = change.type === 'upsert' ? entryOf(change.object) : undefined
    for (const key of cache.apply(change, entry, namespace)) enqueue(key)
    if (change.type !== 'synced' || listed) continue
    listed = true
    first()
  }
}

/** The key Secrets of the controller's own namespace, whole. */
export function watchKeys(
  parts: Pick<WatchParts, 'kube' | 'disconnected' | 'random' | 'pulse' | 'signal'>,
  namespace: string,
): AsyncIterable<Change<SecretObject>> {
  const source = sourceOf<SecretObject>(parts.kube, SECRETS, keySelection(namespace))
  return reflect(renewed(source, parts.pulse), optionsFor('sealing-keys', parts))
}

function optionsFor(
  resource: string,
  { signal, random, pulse, disconnected }: Pick<WatchParts, 'signal' | 'random' | 'pulse' | 'disconnected'>,
) {
  return {
    signal,
    random,
    sleep: pulse.rest,
    onState(state: 'connected' | 'disconnected', error?: unknown) {
      if (state === 'disconnected') disconnected(resource, error)
    },
  }
}

/**
 * The same, but a watch ends when the server answers again after it did not: links that broke without a word broke all
 * together, and a silent watch does not tell on which side it is.
 */
export function renewed<T>(source: Source<T>, pulse: Pick<Pulse, 'recovered'>): Source<T> {
  return {
    ...source,
    async *watch(resourceVersion, options) {
      const cut = childOf(options.signal)
      const renewal = new Error('renewed')
      const off = pulse.recovered(() => cut.abort(renewal))
      try {
        yield* source.watch(resourceVersion, { ...options, signal: cut.signal })
      } catch (error) {
        if (error !== renewal) throw error
      } finally {
        off()
        cut.release()
      }
    },
  }
}
