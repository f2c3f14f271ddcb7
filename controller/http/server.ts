import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Address {
  /** Absent: every interface. */
  host?: string
  port: number
}

export interface Listening {
  /** `host:port` as bound: port 0 has become one that was free. */
  address: string
  /** Ends every connection; what is being answered gets a moment. */
  close(): Promise<void>
}

const HEADERS_TIMEOUT_MS = 5_000
const REQUEST_TIMEOUT_MS = 10_000
const KEEP_ALIVE_MS = 5_000
const MAX_HEADER_BYTES = 16 << 10
const MAX_CONNECTIONS = 1024
const GRACE_MS = 250

/** Listens, and is patient with nobody: a client that dawdles is cut off. */
export async function listen(handler: RequestListener, { host, port }: Address): Promise<Listening> {
  const server = createServer(
    {
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      keepAliveTimeout: KEEP_ALIVE_MS,
      maxHeaderSize: MAX_HEADER_BYTES,
      connectionsCheckingInterval: 1_000,
    },
    handler,
  )
  server.maxConnections = MAX_CONNECTIONS
  server.listen({ port, ...(host !== undefined && { host }) })
  await once(server, 'listening')
  const bound = server.address() as AddressInfo
  const shown = bound.family === 'IPv6' ? `[${bound.address}]` : bound.address
  return {
    address: `${shown}:${bound.port}`,
    async close() {
      const closed = once(server, 'close')
      server.close()
      server.closeIdleConnections()
      const timer = setTimeout(() => server.closeAllConnections(), GRACE_MS)
      await closed
      clearTimeout(timer)
    },
  }
}
