import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { Connection } from '../../../../shared/kube/connection.ts'

/** A server that answers as the test says and remembers what it was asked. */
export interface ScriptedServer {
  connection: Connection
  /** In order of arrival. */
  requests: SeenRequest[]
  /** TCP connections accepted so far, and those still open. */
  accepted(): number
  openSockets: Set<Socket>
  close(): Promise<void>
}

interface SeenRequest {
  method: string
  url: URL
  headers: IncomingMessage['headers']
  body: string
}

export type Handler = (request: SeenRequest, response: ServerResponse) => void

export async function serve(
  handler: Handler,
  makeServer: () => Server = createServer,
): Promise<ScriptedServer> {
  const server = makeServer()
  const requests: SeenRequest[] = []
  const openSockets = new Set<Socket>()
  let accepted = 0
  server.on('connection', (socket) => {
    accepted++
    openSockets.add(socket)
    socket.on('close', () => openSockets.delete(socket))
  })
  server.on('request', async (message, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of message) chunks.push(chunk)
    const seen = {
      method: message.method ?? '',
      url: new URL(message.url ?? '', 'http://server'),
      headers: message.headers,
      body: Buffer.concat(chunks).toString(),
    }
    requests.push(seen)
    handler(seen, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    connection: connectionTo(`http://127.0.0.1:${port}`),
    requests,
    accepted: () => accepted,
    openSockets,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

export function connectionTo(server: string, headers: Record<string, string> = {}): Connection {
  const credentials = { headers }
  return { server, authorize: async () => credentials }
}

export function sendJson(response: ServerResponse, body: unknown, code = 200): void {
  response.writeHead(code, { 'Content-Type': 'application/json' }).end(JSON.stringify(body))
}

/** A Status as the API server writes it. */
export function sendStatus(response: ServerResponse, code: number, reason: string, more: object = {}): void {
  sendJson(response, { kind: 'Status', apiVersion: 'v1', status: 'Failure', code, reason, ...more }, code)
}

export function object(name: string, resourceVersion: string, namespace = 'team') {
  return { metadata: { name, namespace, resourceVersion, managedFields: [{ manager: 'kubectl' }] } }
}
