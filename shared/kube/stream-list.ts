import { NetworkError } from './errors.ts'
import type { Keep, KubeObject, Listing, WatchEvent } from './port.ts'

/**
 * A collection as the beginning of a watch: https://kubernetes.io/docs/reference/using-api/api-concepts/#streaming-lists.
 * Object after object, so both sides work at the same time and neither has more than one of them whole in hand; of pages each
 * waits for the one before.
 */
export const STREAM_QUERY = {
  watch: true,
  sendInitialEvents: true,
  resourceVersionMatch: 'NotOlderThan',
  allowWatchBookmarks: true,
  timeoutSeconds: 120,
} as const

/** Unlike a watch at rest it has something to say all the time: the patience is that for a page. */
export const STREAM_IDLE_MS = 30_000

/** Reads to the bookmark that ends what there was. */
export async function listStreamed<T extends KubeObject>(
  what: string,
  events: AsyncIterable<WatchEvent<KubeObject>>,
  keep: Keep<T>,
): Promise<Listing<T>> {
  const items = new Map<string, T>()
  for await (const event of events) {
    if (event.type === 'BOOKMARK') {
      if (event.listed) return { items: [...items.values()], resourceVersion: event.resourceVersion }
      continue
    }
    const { namespace = '', name } = event.object.metadata
    // What happens meanwhile may come among what there was.
    if (event.type === 'DELETED') items.delete(`${namespace}/${name}`)
    else items.set(`${namespace}/${name}`, keep(event.object as never))
  }
  throw new NetworkError(what, 'ECONNRESET', 'cut off in a list')
}
