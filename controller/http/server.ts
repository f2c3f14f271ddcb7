import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { Pair } from './tls.ts'

export interface Address {
  /** Absent: every interface. */
  host?: string
  port: number
}

export interface Listening {
  /** `host:port` as bound: port 0 has become one that was free. */
  address: string
  /** Another certificate for the connections to come; those that stand keep theirs. Only over TLS. */
  renew(pair: Pair): void
  /** Ends every connection; what is being answered gets a moment. */
  close(): Promise<void>
}

const HEADERS_TIMEOUT_MS = 5_000
const REQUEST_TIMEOUT_MS = 10_000
const KEEP_ALIVE_MS = 5_000
const MAX_HEADER_BYTES = 16 << 10
const MAX_CONNECTIONS = 1024
const GRACE_MS = 250

const HTTP = {
  headersTimeout: HEADERS_TIMEOUT_MS,
  requestTimeout: REQUEST_TIMEOUT_MS,
  keepAliveTimeout: KEEP_ALIVE_MS,
  maxHeaderSize: MAX_HEADER_BYTES,
  connectionsCheckingInterval: 1_000,
}
const TLS = { minVersion: 'TLSv1.2', handshakeTimeout: HEADERS_TIMEOUT_MS } as const

/** Listens, with a certificate over TLS, and is patient with nobody: a client that dawdles is cut off. */
export async function listen(
  handler: RequestListener,
  { host, port }: Address,
  certificate?: Pair,
): Promise<Listening> {
  const server = certificate
    ? createTlsServer({ ...HTTP, ...TLS, ...certificate }, handler)
    : createServer(HTTP, handler)
  server.maxConnections = MAX_CONNECTIONS
  server.listen({ port, ...(host !== undefined && { host }) })
  await once(server, 'listening')
  const bound = server.address() as AddressInfo
  const shown = bound.family === 'IPv6' ? `[${bound.address}]` : bound.address
  return {
    address: `${shown}:${bound.port}`,
    renew: (pair) => (server as TlsServer).setSecureContext({ ...TLS, ...pair }),
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
