import { isInvalid, NetworkError } from './errors.ts'
import { listPages } from './list.ts'
import { collectionPath } from './paths.ts'
import type { KubeObject, Listing, Resource, Selection, WatchEvent } from './port.ts'
import { retryThrottled } from './retry.ts'
import { acceptFor, selectionQuery } from './selection.ts'
import { listStreamed, STREAM_IDLE_MS, STREAM_QUERY } from './stream-list.ts'
import type { Request, Transport } from './transport.ts'
import { watchOnce } from './watch.ts'

/** Who asks, and for what; the rest of the request is ours. */
type Call = Pick<Request, 'what' | 'about' | 'signal' | 'guard' | 'apart'>

/** Collections, by either way of reading them. */
export interface Lists {
  whole<T extends KubeObject>(resource: Resource, selection: Selection, call: Call): Promise<Listing<T>>
  /** As events, the last of them the bookmark that says `listed`. */
  paged<T extends KubeObject>(
    resource: Resource,
    selection: Selection,
    call: Call,
  ): AsyncIterable<WatchEvent<T>>
  /** The same object by object, or in pages where the server cannot do that. */
  streamed: Lists['paged']
}

export function createLists(transport: Transport, send: (request: Request) => Promise<string>): Lists {
  const patient: Transport = {
    ...transport,
    open: (request) => retryThrottled(() => transport.open(request), request.signal),
  }
  let streams = true
  /** A server drops who reads more slowly than things happen; of pages each has the time it needs. */
  let pagesNext = false

  function paged<T extends KubeObject>(resource: Resource, selection: Selection, call: Call) {
    return listPages<T>(call.what, (page) => {
      const path = collectionPath(resource, selection.namespace, { ...selectionQuery(selection), ...page })
      return send({ method: 'GET', path, accept: acceptFor(selection, 'List'), ...call })
    })
  }

  async function whole<T extends KubeObject>(
    resource: Resource,
    selection: Selection,
    call: Call,
  ): Promise<Listing<T>> {
    const items: T[] = []
    let resourceVersion = ''
    for await (const event of paged<T>(resource, selection, call))
      if (event.type === 'BOOKMARK') resourceVersion = event.resourceVersion
      else items.push(event.object)
    return { items, resourceVersion }
  }

  async function* streamed<T extends KubeObject>(
    resource: Resource,
    selection: Selection,
    call: Call,
  ): AsyncGenerator<WatchEvent<T>> {
    if (!streams || pagesNext) {
      pagesNext = false
      return yield* paged<T>(resource, selection, call)
    }
    const query = { ...selectionQuery(selection), ...STREAM_QUERY }
    const path = collectionPath(resource, selection.namespace, query)
    const request = { method: 'GET', path, accept: acceptFor(selection, ''), ...call } as const
    try {
      yield* listStreamed(call.what, watchOnce<T>(patient, request, { idleMs: STREAM_IDLE_MS }))
    } catch (error) {
      pagesNext = error instanceof NetworkError
      // It cannot (`WatchList` among its feature gates, on in newer ones), and says so before it tells anything.
      if (!isInvalid(error)) throw error
      streams = false
      yield* paged<T>(resource, selection, call)
    }
  }

  return { whole, paged, streamed }
}
