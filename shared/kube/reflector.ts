import { sleep as realSleep } from './abort.ts'
import { createBackoff } from './backoff.ts'
import { ApiError, isGone, isUnanswered, NetworkError } from './errors.ts'
import { createKnown, type Known, keyOf } from './known.ts'
import type { CallOptions, Kube, KubeObject, ObjectId, Resource, Selection, WatchEvent } from './port.ts'

/**
 * A collection as one endless iterator: list, then watch, and again whenever the watch is lost. Every object that is new
 * or changed is an upsert, every one that is gone a delete, also what happened while there was no connection.
 * The scheme is client-go's Reflector: https://pkg.go.dev/k8s.io/client-go/tools/cache#Reflector
 */
export type Change<T> =
  | { type: 'upsert'; object: T }
  | { type: 'delete'; id: ObjectId }
  /** All that there is follows, as far as it is not known. */
  | { type: 'listing' }
  /** What there was has been handed out in full; comes again after each further list. */
  | { type: 'synced' }

export interface Source<T> {
  /** Ends with the bookmark that says `listed`. */
  list(options: CallOptions): AsyncIterable<WatchEvent<T>>
  watch(resourceVersion: string, options: CallOptions & { onOpen?: () => void }): AsyncIterable<WatchEvent<T>>
}

export interface ReflectorOptions {
  /** The only way to end it. */
  signal: AbortSignal
  /** Connected again, or an attempt failed. The error repeats with each attempt. */
  onState?: (state: 'connected' | 'disconnected', error?: unknown) => void
  random?: () => number
  sleep?: (ms: number, signal: AbortSignal) => Promise<void>
  now?: () => number
}

/** A watch that lived this long was a good one, whether or not anything happened. */
const STEADY_MS = 10_000
/** After these the same bytes would only come again. */
const UNREADABLE = new Set(['EBADBODY', 'EBODYTOOLARGE'])

/** `keep` says what is to be kept of an object as it was sent, so that of a long list no more than a page is ever here whole. */
export function sourceOf<T extends KubeObject>(
  kube: Kube,
  resource: Resource,
  selection: Selection,
  { keep = (object: T) => object, stream = false }: { keep?: (object: never) => T; stream?: boolean } = {},
): Source<T> {
  async function* kept(events: AsyncIterable<WatchEvent<KubeObject>>): AsyncGenerator<WatchEvent<T>> {
    for await (const event of events)
      yield event.type === 'BOOKMARK' ? event : { ...event, object: keep(event.object as never) }
  }
  return {
    list: (options) => kept(kube.listing(resource, selection, { ...options, stream })),
    watch: (resourceVersion, options) =>
      kept(kube.watch(resource, { ...selection, resourceVersion }, options)),
  }
}

export async function* reflect<T extends KubeObject>(
  source: Source<T>,
  {
    signal,
    onState,
    random = Math.random,
    sleep = realSleep,
    now = () => performance.now(),
  }: ReflectorOptions,
): AsyncGenerator<Change<T>> {
  const known = createKnown()
  const backoff = createBackoff(random)
  let connected = false
  let position: string | undefined // absent: list first

  const onOpen = () => {
    if (!connected) onState?.('connected')
    connected = true
  }

  while (!signal.aborted) {
    const started = now()
    const resumed = position !== undefined
    let retryAfterMs = 0
    try {
      if (position === undefined) {
        yield { type: 'listing' }
        position = yield* relist(source, known, signal)
        yield { type: 'synced' }
      }
      for await (const event of source.watch(position, { signal, onOpen })) {
        if (signal.aborted) return
        position = versionOf(event) || position
        const change = toChange(known, event)
        if (change === undefined) continue
        backoff.reset()
        yield change
      }
      // The server's time was up: go on at once, unless it is a server that always ends at once.
      if (now() - started >= STEADY_MS) continue
    } catch (error) {
      if (signal.aborted) return
      connected = false
      onState?.('disconnected', error)
      if (!canResume(error)) position = undefined
      // No trouble, only too long away. What was listed just now cannot be too old, so this does not run hot.
      if (resumed && isGone(error)) continue
      if (error instanceof ApiError) retryAfterMs = error.retryAfterMs ?? 0
    }
    if (now() - started >= STEADY_MS) backoff.reset()
    await sleep(Math.max(backoff.next(), retryAfterMs), signal)
  }
}

/**
 * Hands out what comes as it comes, and at the end what is gone. Apart from `reflect`, because a generator at rest holds on to what
 * its local variables last held.
 */
async function* relist<T extends KubeObject>(
  source: Source<T>,
  known: Known,
  signal: AbortSignal,
): AsyncGenerator<Change<T>, string> {
  const present = new Set<string>()
  for await (const event of source.list({ signal })) {
    signal.throwIfAborted()
    if (event.type === 'BOOKMARK') {
      if (!event.listed) continue
      for (const id of known.retain(present)) yield { type: 'delete', id }
      return event.resourceVersion
    }
    if (event.type === 'DELETED') present.delete(keyOf(event.object))
    else present.add(keyOf(event.object))
    const change = toChange(known, event)
    if (change !== undefined) yield change
  }
  throw new NetworkError('list', 'ECONNRESET', 'cut off in a list')
}

/** Nothing, if it is known already: a server may repeat itself after a resume. */
function toChange<T extends KubeObject>(known: Known, event: WatchEvent<T>): Change<T> | undefined {
  if (event.type === 'BOOKMARK') return undefined
  const { object } = event
  if (event.type !== 'DELETED') return known.add(object) ? { type: 'upsert', object } : undefined
  if (!known.remove(object)) return undefined
  const { namespace, name } = object.metadata
  return { type: 'delete', id: namespace === undefined ? { name } : { namespace, name } }
}

function versionOf(event: WatchEvent<KubeObject>): string | undefined {
  return event.type === 'BOOKMARK' ? event.resourceVersion : event.object.metadata.resourceVersion
}

/** May the watch go on where it stopped? If in doubt, a new list puts everything right. */
function canResume(error: unknown): boolean {
  if (!isUnanswered(error)) return false // among them 410: too old
  if (error instanceof NetworkError) return !UNREADABLE.has(error.code)
  // A version from the future: the server was restored from a backup.
  return !(
    error instanceof ApiError &&
    error.details.causes.some(({ reason }) => reason === 'ResourceVersionTooLarge')
  )
}
