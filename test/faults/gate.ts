import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { Agent, request as httpsRequest } from 'node:https'
import type { AddressInfo } from 'node:net'

/** An HTTP server in front of the API server that lets requests through, or is too busy for them. */
export interface Gate {
  port: number
  /** From now on, how long whoever asks is asked to wait; undefined: not at all. */
  throttle(retryAfterSeconds: number | undefined): void
  /** The watches that are open forward no more, and do not end. What is asked later works. Gives how many there were. */
  freezeWatches(): number
  /** Requests turned away so far. */
  refused(): number
  close(): Promise<void>
}

/** `ca`: what the API server's certificate is checked against. */
export async function startGate(server: string, ca: string): Promise<Gate> {
  const { hostname, port } = new URL(server)
  const agent = new Agent({ keepAlive: true, ca })
  let retryAfter: number | undefined
  let refused = 0
  const watches = new Map<ServerResponse, IncomingMessage>()

  function forward(request: IncomingMessage, response: ServerResponse): void {
    const { method, url: path, headers } = request
    const upstream = httpsRequest({ hostname, port, agent, method, path, headers })
    upstream.on('response', (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
      if (path?.includes('watch=true')) watches.set(response, answer)
      answer.on('error', () => response.destroy())
    })
    // As if the client were connected to the server itself.
    upstream.on('error', () => request.socket.resetAndDestroy())
    response.on('close', () => watches.delete(response))
    response.on('close', () => response.writableFinished || upstream.destroy())
    request.pipe(upstream)
  }

  const gate = createServer((request, response) => {
    if (retryAfter === undefined) return forward(request, response)
    refused += 1
    request.resume()
    response.writeHead(429, { 'Content-Type': 'application/json', 'Retry-After': retryAfter })
    response.end(JSON.stringify({ kind: 'Status', code: 429, reason: 'TooManyRequests' }))
  })
  await new Promise<void>((resolve) => gate.listen(0, '127.0.0.1', resolve))

  return {
    port: (gate.address() as AddressInfo).port,
    throttle(seconds) {
      retryAfter = seconds
    },
    freezeWatches() {
      for (const [response, answer] of watches) answer.unpipe(response).pause()
      return watches.size
    },
    refused: () => refused,
    async close() {
      agent.destroy()
      gate.closeAllConnections()
      await new Promise((resolve) => gate.close(resolve))
    },
  }
}
