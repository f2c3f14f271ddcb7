import { NetworkError } from './errors.ts'
import type { KubeObject, WatchEvent } from './port.ts'

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

/** As far as the bookmark that ends what there was. */
export async function* listStreamed<T extends KubeObject>(
  what: string,
  events: AsyncIterable<WatchEvent<T>>,
): AsyncGenerator<WatchEvent<T>> {
  for await (const event of events) {
    yield event
    if (event.type === 'BOOKMARK' && event.listed) return
  }
  throw new NetworkError(what, 'ECONNRESET', 'cut off in a list')
}
