import { request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { RequestInfo } from '../request.ts'
import { failure, type Status } from '../status-errors.ts'

/**
 * The API server's proxy to services: `/api/v1/namespaces/NS/services/[SCHEME:]NAME[:PORT]/proxy/PATH`.
 * https://kubernetes.io/docs/tasks/access-application-cluster/access-cluster-services/#manually-constructing-apiserver-proxy-urls
 */
export interface ServiceProxy {
  /** From now on the port of that service, by its name or number, is the server at `url`. */
  expose(namespace: string, name: string, port: string | number, url: string): void
  isProxied(info: RequestInfo | undefined): info is RequestInfo
  forward(info: RequestInfo, request: IncomingMessage, body: Buffer, response: ServerResponse): void
  /** Why a request cannot be forwarded; undefined when it can. */
  refusal(info: RequestInfo): Status | undefined
}

/** Between two hops only (RFC 9110 section 7.6.1), or made anew. */
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'transfer-encoding',
  'te',
  'trailer',
  'upgrade',
  'host',
])

export function createServiceProxy(): ServiceProxy {
  const exposed = new Map<string, string>()

  function target(info: RequestInfo): URL | undefined {
    const parts = info.name.split(':')
    const [name = '', port = ''] = parts.length === 3 ? parts.slice(1) : parts
    const base = exposed.get(`${info.namespace}/${name}/${port}`)
    return base === undefined ? undefined : new URL(base)
  }

  return {
    expose: (namespace, name, port, url) => exposed.set(`${namespace}/${name}/${port}`, url),
    isProxied: (info): info is RequestInfo => info?.resource === 'services' && info.subresource === 'proxy',
    refusal(info) {
      if (target(info) !== undefined) return undefined
      const [name] = info.name.split(':').slice(info.name.split(':').length === 3 ? 1 : 0)
      return failure(503, 'ServiceUnavailable', `no endpoints available for service "${name}"`)
    },
    forward(info, request, body, response) {
      const url = target(info)
      if (url === undefined) return
      const send = url.protocol === 'https:' ? httpsRequest : httpRequest
      const query = /\?.*$/.exec(request.url ?? '')?.[0] ?? ''
      const rest = /\/proxy(\/[^?]*)?/.exec(request.url ?? '')?.[1] ?? '/'
      // The caller's credentials are for the API server alone.
      const headers = forwarded(request.headers, ['authorization'])
      const path = url.pathname.replace(/\/$/, '') + rest + query
      const { hostname, port } = url
      // The real one does not look at certificates either.
      const outgoing = send({
        hostname,
        port,
        path,
        method: request.method,
        headers,
        rejectUnauthorized: false,
      })
      outgoing.on('response', (incoming) => {
        response.writeHead(incoming.statusCode ?? 502, forwarded(incoming.headers, []))
        incoming.pipe(response)
      })
      outgoing.on('error', (error) => {
        if (response.headersSent) return void response.destroy()
        const message = `error trying to reach service: ${error.message}`
        response.writeHead(503, { 'Content-Type': 'application/json' })
        response.end(JSON.stringify(failure(503, 'ServiceUnavailable', message)))
      })
      outgoing.end(body)
    },
  }
}

function forwarded(headers: IncomingMessage['headers'], also: readonly string[]): IncomingMessage['headers'] {
  const kept = Object.entries(headers).filter(([name]) => !HOP_BY_HOP.has(name) && !also.includes(name))
  return Object.fromEntries(kept)
}
