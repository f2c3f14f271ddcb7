import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { tooLarge } from '../status-errors.ts'
import type { Certificate } from './certificate.ts'

/** The real server's limit for a request. */
const MAX_BODY_BYTES = 3 * 1024 * 1024

export interface Listening {
  url: string
  stop(): Promise<void>
}

/** Listens on loopback, and nowhere else. */
export async function listen(
  port: number,
  certificate: Certificate | undefined,
  listener: RequestListener,
): Promise<Listening> {
  const server: Server =
    certificate === undefined ? createServer(listener) : createTlsServer(certificate, listener)
  // Watches are open for long, and clients keep their connections.
  server.requestTimeout = 0
  server.keepAliveTimeout = 65_000
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve)
  })
  const address = server.address()
  const bound = typeof address === 'object' && address !== null ? address.port : port
  return {
    url: `${certificate === undefined ? 'http' : 'https'}://127.0.0.1:${bound}`,
    stop() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeAllConnections()
      return closed
    },
  }
}

export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > MAX_BODY_BYTES) throw tooLarge(MAX_BODY_BYTES)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
