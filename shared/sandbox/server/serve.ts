import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Api } from '../api.ts'
import { handle, statusResponse } from '../handle.ts'
import { type ApiResponse, type BodyResponse, parseRequest, type RequestInfo } from '../request.ts'
import { internalError, StatusError, unauthorized } from '../status-errors.ts'
import type { Audit } from './audit.ts'
import { type Fault, type Faults, refusalOf } from './faults.ts'
import { readBody } from './listen.ts'
import type { ServiceProxy } from './proxy.ts'
import type { Watches } from './watches.ts'

export interface Serving {
  api: Api
  audit: Audit
  faults: Faults
  proxy: ServiceProxy
  watches: Watches
}

/** The protocol over HTTP: https://kubernetes.io/docs/reference/using-api/api-concepts/ */
export function serve(serving: Serving): RequestListener {
  return (request, response) => {
    // What the client does to the connection is its affair.
    request.on('error', () => undefined)
    response.on('error', () => undefined)
    answer(serving, request, response).catch((error: unknown) => {
      if (response.headersSent) return void response.destroy()
      const refusal = error instanceof StatusError ? error : internalError(String(error))
      // A body that was not read to its end would be taken for the next request.
      if (!request.complete) response.setHeader('Connection', 'close')
      send(response, statusResponse(refusal.status))
    })
  }
}

const OPEN_PATHS = new Set(['/healthz', '/livez', '/readyz', '/version'])

async function answer(serving: Serving, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { api, audit, faults, proxy, watches } = serving
  const url = new URL(request.url ?? '/', 'http://localhost')
  const method = request.method ?? 'GET'
  const body = await readBody(request)
  const user = authenticated(serving, request)
  if (user === undefined && !OPEN_PATHS.has(url.pathname)) throw unauthorized()

  const info = parseRequest(method, url.pathname, url.searchParams)
  const userAgent = request.headers['user-agent'] ?? ''
  const fault = faults.take(info)
  if (fault?.delayMs !== undefined) await sleep(fault.delayMs)
  const after = fault?.after === 'write'
  if (fault?.closeConnection === true && !after) return void request.socket.destroy()
  const note = (code: number, created?: string) =>
    audit.record(info, { user: user ?? '', code, userAgent, ...(created === undefined ? {} : { created }) })
  if (fault?.status !== undefined && !after) {
    note(fault.status)
    return send(response, statusResponse(refusalOf(fault.status, fault.retryAfter)))
  }

  if (proxy.isProxied(info)) {
    const refusal = proxy.refusal(info)
    if (refusal !== undefined) return send(response, statusResponse(refusal))
    return proxy.forward(info, request, body, response)
  }
  const result = handle(api, {
    method,
    path: url.pathname,
    query: url.searchParams,
    accept: request.headers.accept ?? '',
    contentType: request.headers['content-type'] ?? '',
    userAgent,
    user: user ?? '',
    body,
  })
  if (result.kind === 'watch') return watches.open(response, result, fault)
  note(result.status, createdName(info, result))
  if (after) return afterWrite(request, response, fault)
  send(response, result)
}

function afterWrite(request: IncomingMessage, response: ServerResponse, fault: Fault | undefined): void {
  if (fault?.status === undefined) request.socket.destroy()
  else send(response, statusResponse(refusalOf(fault.status, fault.retryAfter)))
}

/** Of a POST, only the answer knows the name: it may have been generated. */
function createdName(info: RequestInfo | undefined, { status, body }: BodyResponse): string | undefined {
  if (info?.verb !== 'create' || info.name !== '' || status !== 201) return undefined
  try {
    return (JSON.parse(body) as { metadata?: { name?: string } }).metadata?.name
  } catch {
    return undefined
  }
}

function authenticated({ api }: Serving, request: IncomingMessage): string | undefined {
  const token = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1]
  return token === undefined ? undefined : api.reviewers.tokens.userOf(token)
}

function send(response: ServerResponse, result: Extract<ApiResponse, { kind: 'body' }>): void {
  const { status, contentType, body, headers, warnings = [] } = result
  const bytes = Buffer.from(body)
  response.writeHead(status, {
    'Content-Type': contentType,
    'Content-Length': bytes.length,
    'Cache-Control': 'no-cache, private',
    ...headers,
    ...(warnings.length === 0 ? {} : { Warning: warnings.map((text) => `299 - ${JSON.stringify(text)}`) }),
  })
  response.end(bytes)
}
