import type { IncomingMessage } from 'node:http'
import { parseJson, toReadError } from './body.ts'
import { NetworkError } from './errors.ts'
import { createLineSplitter } from './lines.ts'
import { withoutManagedFields } from './managed-fields.ts'
import type { KubeObject, WatchEvent } from './port.ts'
import { statusCode, toApiError } from './status.ts'
import type { Request, Transport } from './transport.ts'

/**
 * One watch connection: one JSON object per line, until the server's time is up.
 * https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes
 */

/** Bookmarks come once a minute, so more than that in silence means that nobody is there any more. */
const DEFAULT_IDLE_MS = 75_000
/** An object takes at most 1.5 MiB in etcd; as JSON with escapes, a few times that. */
const MAX_LINE_BYTES = 16 << 20

export interface WatchOptions {
  idleMs?: number
  onOpen?: () => void
}

export async function* watchOnce<T extends KubeObject>(
  transport: Transport,
  request: Request,
  options: WatchOptions = {},
): AsyncGenerator<WatchEvent<T>> {
  const { response, stopTimeout, release } = await transport.open(request)
  try {
    stopTimeout()
    options.onOpen?.()
    const splitter = createLineSplitter(request.what, MAX_LINE_BYTES)
    for await (const chunk of chunks(request, response, options.idleMs ?? DEFAULT_IDLE_MS)) {
      for (const line of splitter.push(chunk)) yield readEvent(request.what, parseJson(request.what, line))
    }
    if (splitter.pendingBytes() > 0) throw new NetworkError(request.what, 'ECONNRESET', 'cut off in an event')
  } finally {
    release()
    response.destroy()
  }
}

async function* chunks(request: Request, response: IncomingMessage, idleMs: number): AsyncGenerator<Buffer> {
  const iterator: AsyncIterator<Buffer> = response[Symbol.asyncIterator]()
  const read = async () => {
    // The clock runs only while we wait for the server, not while our caller works on what came.
    const timer = setTimeout(() => response.destroy(new NetworkError(request.what, 'EIDLE')), idleMs)
    try {
      return await iterator.next()
    } catch (error) {
      throw toReadError(request, error)
    } finally {
      clearTimeout(timer)
    }
  }
  for (let next = await read(); !next.done; next = await read()) yield next.value
}

function readEvent<T extends KubeObject>(what: string, event: { type: string; object: T }): WatchEvent<T> {
  const { type, object } = event
  switch (type) {
    case 'ADDED':
    case 'MODIFIED':
    case 'DELETED':
      return { type, object: withoutManagedFields(object) }
    case 'BOOKMARK':
      return {
        type,
        resourceVersion: object.metadata.resourceVersion ?? '',
        ...(endsList(object) && { listed: true }),
      }
    case 'ERROR':
      throw toApiError(what, statusCode(object), object)
    default:
      throw new NetworkError(what, 'EBADBODY', 'an event of unknown type')
  }
}

const endsList = ({ metadata: { annotations } }: KubeObject): boolean =>
  annotations?.['k8s.io/initial-events-end'] === 'true'
