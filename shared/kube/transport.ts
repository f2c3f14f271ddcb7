import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { onAbort } from './abort.ts'
import { createAgents } from './agents.ts'
import { type Call, parseJson, readBody } from './body.ts'
import type { Connection, Credentials } from './connection.ts'
import { ConfigError, NetworkError } from './errors.ts'
import type { Ending, Observe, Observed } from './observe.ts'
import { toApiError } from './status.ts'

/** HTTP/1.1 to one server. No gzip: packing would cost the server more than a cluster network saves. */
export interface Transport {
  /** The whole body of a good answer; a bad one throws. */
  send(request: Request): Promise<string>
  /** A good answer as soon as its headers are here. */
  open(request: Request): Promise<Exchange>
  close(): void
}

export interface Request extends Call {
  /** For whoever observes; absent: nobody does. */
  about?: { verb: string; resource: string }
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Path and query, encoded. */
  path: string
  accept?: string
  contentType?: string
  /** Besides those that every request has. */
  headers?: Record<string, string>
  body?: string
  guard?: (() => void) | undefined
  apart?: boolean | undefined
}

export interface TransportOptions {
  userAgent: string
  /** From sending to the end of the answer; of a watch: to its headers. */
  timeoutMs?: number
  maxBodyBytes?: number
  observe?: Observe
}

/** An answer under way. Whoever holds it releases it. */
interface Exchange {
  response: IncomingMessage
  /** From here on only the signal cuts it off. */
  stopTimeout(): void
  release(): void
}

const DEFAULT_TIMEOUT_MS = 30_000
const DEFAULT_MAX_BODY_BYTES = 64 << 20
/** Of an error only the Status matters; what is longer is none. */
const MAX_ERROR_BYTES = 1 << 20
/** What a kept connection says when the server closed it as we were about to use it. */
const STALE = new Set(['ECONNRESET', 'EPIPE'])

export function createTransport(connection: Connection, options: TransportOptions): Transport {
  const {
    userAgent,
    timeoutMs = DEFAULT_TIMEOUT_MS,
    maxBodyBytes = DEFAULT_MAX_BODY_BYTES,
    observe,
  } = options
  const base = new URL(connection.server)
  const prefix = base.pathname.replace(/\/$/, '')
  const target = {
    protocol: base.protocol,
    hostname: base.hostname.replace(/^\[|\]$/g, ''),
    port: base.port,
  }
  const makeRequest = base.protocol === 'https:' ? httpsRequest : httpRequest
  const agents = createAgents(connection)

  function start(request: Request, credentials: Credentials): ClientRequest {
    const { method, path, body } = request
    const headers: Record<string, string | string[] | number> = {
      Accept: request.accept ?? 'application/json',
      'User-Agent': userAgent,
      ...request.headers,
      ...credentials.headers,
    }
    if (body !== undefined) {
      headers['Content-Type'] = request.contentType ?? 'application/json'
      headers['Content-Length'] = Buffer.byteLength(body)
    }
    const agent = agents.agentFor(credentials, request.apart)
    return makeRequest({ ...target, agent, method, path: prefix + path, headers })
  }

  /** Up to the headers of the answer, whatever its status. `before`: of the attempt that this one repeats. */
  function exchange(request: Request, credentials: Credentials, before?: Observed): Promise<Exchange> {
    request.signal?.throwIfAborted()
    return new Promise((resolve, reject) => {
      const sent = start(request, credentials)
      const observed = before ?? observing(observe, request)
      for (const [name, value] of Object.entries(observed?.headers ?? {})) sent.setHeader(name, value)
      let response: IncomingMessage | undefined
      let failed = false
      const forget = () => {
        clearTimeout(timer)
        stopWaiting()
      }
      const answered = () => observed?.ended(response?.statusCode ?? 0)
      const fail = (reason: unknown) => {
        failed = true
        forget()
        observed?.ended(reason instanceof NetworkError ? 'error' : 'cancelled')
        reject(reason)
        if (response === undefined) {
          sent.destroy()
          // A link that has broken without a word has broken for all that went over it.
          agents.dropIdle()
        } else response.destroy(reason instanceof Error ? reason : new Error('aborted', { cause: reason }))
      }
      const timer = setTimeout(() => fail(new NetworkError(request.what, 'ETIMEDOUT')), timeoutMs)
      const stopWaiting = onAbort(request.signal, fail)
      sent.on('response', (received) => {
        response = received
        received.once('error', () => observed?.ended('error'))
        resolve({
          response,
          release() {
            forget()
            answered()
          },
          stopTimeout() {
            clearTimeout(timer)
            answered()
          },
        })
      })
      // Stays on for good: a socket can report an error after its answer has been read.
      sent.on('error', (error: NodeJS.ErrnoException) => {
        if (failed || response !== undefined) return
        forget()
        // A read can simply be sent again. That ends: every turn uses up one of the kept connections.
        if (request.method === 'GET' && sent.reusedSocket && STALE.has(error.code ?? '')) {
          resolve(exchange(request, credentials, observed))
          return
        }
        observed?.ended('error')
        reject(new NetworkError(request.what, error.code ?? 'EUNKNOWN', error.message))
      })
      const send = () => {
        if (failed) return
        try {
          request.guard?.()
        } catch (refused) {
          return fail(refused)
        }
        sent.end(request.body)
      }
      if (request.guard === undefined) send()
      else whenConnected(sent, base.protocol, send)
    })
  }

  async function open(request: Request): Promise<Exchange> {
    const credentials = await connection.authorize()
    let current = await exchange(request, credentials).catch(unusable)
    if (current instanceof ConfigError || current.response.statusCode === 401) {
      // Nothing was done, so any method may be repeated, if the credentials can be renewed.
      const renewed = await connection.authorize(credentials)
      if (renewed !== credentials) {
        if (!(current instanceof ConfigError)) {
          current.response.resume()
          current.release()
        }
        current = await exchange(request, renewed)
      }
    }
    if (current instanceof ConfigError) throw current
    return isGood(current.response) ? current : refuse(request, current)
  }

  return {
    open,
    async send(request) {
      const { response, release } = await open(request)
      return readBody(request, response, maxBodyBytes).finally(release)
    },
    close: agents.destroy,
  }
}

/** Tells of a request, and once of its end: what comes after that has other reasons. */
function observing(observe: Observe | undefined, { about, method, path }: Request): Observed | undefined {
  if (!observe || !about) return undefined
  const { headers, ended } = observe({ ...about, method, path: path.replace(/\?.*/s, '') })
  let open = true
  return {
    ...(headers && { headers }),
    ended(result: Ending) {
      if (open) ended(result)
      open = false
    },
  }
}

/** A new connection takes its time; a kept one is there at once. */
function whenConnected(sent: ClientRequest, protocol: string, then: () => void): void {
  sent.once('socket', (socket) => {
    if (socket.connecting) socket.once(protocol === 'https:' ? 'secureConnect' : 'connect', then)
    else then()
  })
}

/** Of a certificate that is being renewed there may be one half for a moment. */
function unusable(error: unknown): ConfigError {
  if (error instanceof ConfigError) return error
  throw error
}

function isGood({ statusCode = 0 }: IncomingMessage): boolean {
  return statusCode >= 200 && statusCode < 300
}

async function refuse(request: Request, { response, release }: Exchange): Promise<never> {
  const { what, signal } = request
  let status: unknown
  try {
    status = parseJson(what, await readBody(request, response, MAX_ERROR_BYTES))
  } catch {
    signal?.throwIfAborted() // else: the code alone has to say it
  } finally {
    release()
  }
  throw toApiError(what, response.statusCode ?? 0, status, response.headers['retry-after'])
}
