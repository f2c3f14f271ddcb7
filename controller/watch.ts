import { childOf } from '../shared/kube/abort.ts'
import { isUnanswered } from '../shared/kube/errors.ts'
import type { Kube, KubeObject, ObjectMeta } from '../shared/kube/port.ts'
import { type Change, reflect, type Source, sourceOf } from '../shared/kube/reflector.ts'
import { LEASES, SEALED_SECRETS, SECRETS } from '../shared/kube/resources.ts'
import type { Cache, Versioned } from './cache.ts'
import { keySelection } from './keys/keyring.ts'
import { recipientsAlone } from './keys/usage.ts'
import type { Lease } from './leader/lease.ts'
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
import { type SealedEntry, sealedEntry } from './reconcile/brief.ts'

export interface WatchParts {
  kube: Kube
  sealed: Cache<SealedEntry>
  secrets: Cache<SecretEntry>
  /** Which SealedSecrets; absent: all. */
  selector?: string | undefined
  /** Called with each SealedSecret and its spec, as far as it says for whom; without one when it is gone. */
  seen: (key: string, spec?: unknown) => void
  /** A key whose object or Secret changed. */
  enqueue: (key: string) => void
  disconnected: (resource: string, error: unknown) => void
  /** A watch stands again, whatever ended the one before. */
  rewatched: (resource: string) => void
  random: () => number
  pulse: Pick<Pulse, 'rest' | 'renewal' | 'hasten'>
  signal: AbortSignal
}

/** Of the Secrets we made, only which version there is: no data is kept, nor even sent. */
const OWNED = { labelSelector: `${MANAGED_BY_LABEL}=${MANAGED_BY}`, metadataOnly: true }

/** What there was at the start, each told once. */
interface Firsts {
  /** Every Secret is in. */
  secrets: () => void
  /** Every SealedSecret as well. */
  all: () => void
}

/** Fills the caches for ever, with one pair of watches per namespace, or one for all (`undefined`). */
export async function followObjects(
  namespaces: readonly (string | undefined)[],
  parts: WatchParts,
  firsts: Firsts,
): Promise<void> {
  const { kube, sealed, secrets, selector: labelSelector } = parts
  const all = afterCalls(namespaces.length * 2, firsts.all)
  const allSecrets = afterCalls(namespaces.length, firsts.secrets)
  await Promise.all(
    namespaces.flatMap((namespace) => {
      const where = namespace === undefined ? {} : { namespace }
      const which = { ...where, ...(labelSelector !== undefined && { labelSelector }) }
      const objects = sourceOf(kube, SEALED_SECRETS, which, { keep: keepSealed, stream: true })
      const metadata = sourceOf(kube, SECRETS, { ...where, ...OWNED }, { keep: keepSecret })
      return [
        follow(
          telling(following(objects, 'sealedsecrets', parts), parts.seen),
          sealed,
          namespace,
          parts,
          all,
        ),
        follow(following(metadata, 'secrets', parts), secrets, namespace, parts, () => {
          allSecrets()
          all()
        }),
      ]
    }),
  )
}

/** Calls back at the last of so many calls. */
function afterCalls(count: number, then: () => void): () => void {
  let open = count
  return () => {
    open -= 1
    if (open === 0) then()
  }
}

/** What a reflector has to see of an object, and what the cache gets of it. */
interface Kept<E> extends KubeObject {
  entry: E
}

interface KeptSealed extends Kept<SealedEntry> {
  spec: unknown
}

function keepSecret(object: KubeObject): Kept<SecretEntry> {
  return { metadata: identityOf(object), entry: secretEntry(object) }
}

function keepSealed(object: SealedObject): KeptSealed {
  return { metadata: identityOf(object), entry: sealedEntry(object), spec: recipientsAlone(object.spec) }
}

function identityOf({ metadata: { name, namespace, resourceVersion } }: KubeObject): ObjectMeta {
  return {
    name,
    ...(namespace !== undefined && { namespace }),
    ...(resourceVersion !== undefined && { resourceVersion }),
  }
}

/** The same changes; `seen` hears of each first. */
async function* telling(
  changes: AsyncIterable<Change<KeptSealed>>,
  seen: WatchParts['seen'],
): AsyncIterable<Change<KeptSealed>> {
  for await (const change of changes) {
    if (change.type === 'upsert') seen(keyOf(change.object.metadata), change.object.spec)
    else if (change.type === 'delete') seen(keyOf(change.id))
    yield change
  }
}

async function follow<E extends Versioned>(
  changes: AsyncIterable<Change<Kept<E>>>,
  cache: Cache<E>,
  namespace: string | undefined,
  { enqueue }: WatchParts,
  first: () => void,
): Promise<void> {
  let listed = false
  for await (const change of changes) {
    const entry = change.type === 'upsert' ? change.object.entry : undefined
    for (const key of cache.apply(change, entry, namespace)) enqueue(key)
    if (change.type !== 'synced' || listed) continue
    listed = true
    first()
  }
}

/** The key Secrets of the controller's own namespace, whole. */
export function watchKeys(
  parts: FollowingParts & Pick<WatchParts, 'kube'>,
  namespace: string,
): AsyncIterable<Change<SecretObject>> {
  const source = sourceOf<SecretObject>(parts.kube, SECRETS, keySelection(namespace))
  return following(source, 'sealing-keys', parts)
}

/** The Lease of this name. */
export function watchLease(
  parts: FollowingParts & Pick<WatchParts, 'kube'>,
  { namespace, name }: { namespace: string; name: string },
): AsyncIterable<Change<Lease>> {
  const selection = { namespace, fieldSelector: `metadata.name=${name}` }
  return following(sourceOf<Lease>(parts.kube, LEASES, selection), 'leases', parts)
}

type FollowingParts = Pick<WatchParts, 'signal' | 'random' | 'pulse' | 'disconnected' | 'rewatched'>

function following<T extends KubeObject>(
  source: Source<T>,
  resource: string,
  { signal, random, pulse, disconnected, rewatched }: FollowingParts,
): AsyncIterable<Change<T>> {
  const counted = recounted(source, () => rewatched(resource))
  return reflect(renewed(counted, pulse), {
    signal,
    random,
    sleep: pulse.rest,
    onState(state: 'connected' | 'disconnected', error?: unknown) {
      if (state !== 'disconnected') return
      // A replica that does not lead sends nothing else that would tell.
      if (isUnanswered(error)) pulse.hasten()
      disconnected(resource, error)
    },
  })
}

/** The same; `again` hears of each watch that the server accepts after the first. */
function recounted<T>(source: Source<T>, again: () => void): Source<T> {
  let watched = false
  return {
    ...source,
    watch: (resourceVersion, options) =>
      source.watch(resourceVersion, {
        ...options,
        onOpen() {
          if (watched) again()
          watched = true
          options.onOpen?.()
        },
      }),
  }
}

/**
 * The same, but a watch ends when the server answers again after it did not, or when another watch turns out to be broken:
 * links that broke without a word broke all together, and a silent watch does not tell on which side it is.
 */
export function renewed<T>(source: Source<T>, pulse: Pick<Pulse, 'renewal'>): Source<T> {
  return {
    ...source,
    async *watch(resourceVersion, options) {
      const cut = childOf(options.signal)
      const renewal = new Error('renewed')
      const off = pulse.renewal(() => cut.abort(renewal))
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
