import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** An API server of a few fixed answers, by path. */
export interface Answers {
  [path: string]: { status?: number; body: string; headers?: Record<string, string> }
}

export interface ApiServer {
  url: string
  kubeconfig: string
  /** The paths that were asked for. */
  asked: string[]
  close(): Promise<void>
}

export const KEYS_PATH = '/apis/waxwing.dev/v1alpha1/sealingkeys'
export const MAP_PATH = '/api/v1/namespaces/waxwing-system/configmaps/waxwing-sealing-keys'
export const PROXY_PATH = '/api/v1/namespaces/waxwing-system/services/http:waxwing:http/proxy/v1/keys'

export async function startApiServer(answers: Answers): Promise<ApiServer> {
  const asked: string[] = []
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const path = (request.url ?? '').replace(/\?.*/, '')
    asked.push(path)
    const { status = 200, body, headers } = answers[path] ?? { status: 404, body: '{}' }
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url,
    kubeconfig: JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'prod',
      clusters: [{ name: 'c', cluster: { server: url } }],
      contexts: [{ name: 'prod', context: { cluster: 'c', namespace: 'payments' } }],
    }),
    asked,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
