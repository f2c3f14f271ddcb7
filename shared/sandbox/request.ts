/** A request as the protocol code sees it; http/ makes it from the wire. */
export interface ApiRequest {
  method: string
  /** As sent, without the query. */
  path: string
  query: URLSearchParams
  accept: string
  contentType: string
  userAgent: string
  user: string
  body: Buffer
}

export type ApiResponse = BodyResponse | WatchResponse

export interface BodyResponse {
  kind: 'body'
  status: number
  contentType: string
  body: string
  /** Sent as Warning headers (RFC 9111 section 5.5), which kubectl prints. */
  warnings?: readonly string[]
  headers?: Readonly<Record<string, string>>
}

/** An answer that goes on. Nothing happens before `start`. */
export interface WatchResponse {
  kind: 'watch'
  contentType: string
  timeoutMs: number
  /** Sends what there is, then what comes. Returns the function that ends it. */
  start(send: (line: string) => void, end: () => void): () => void
  /** A line that only says how far the watcher is; undefined when it did not ask for any. */
  bookmark(): string | undefined
}

/** What a request is about: https://kubernetes.io/docs/reference/access-authn-authz/authorization/#determine-the-request-verb */
export interface RequestInfo {
  verb: Verb
  group: string
  version: string
  resource: string
  subresource: string
  /** What follows the subresource: the path that a proxy request is for. */
  rest: string
  namespace: string
  name: string
}

export type Verb = 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'delete' | 'deletecollection'

const VERBS: Record<string, [one: Verb, all: Verb]> = {
  GET: ['get', 'list'],
  HEAD: ['get', 'list'],
  POST: ['create', 'create'],
  PUT: ['update', 'update'],
  PATCH: ['patch', 'patch'],
  DELETE: ['delete', 'deletecollection'],
}
const RESOURCE_PATH = /^\/(?:api\/(?<core>[^/]+)|apis\/(?<group>[^/]+)\/(?<version>[^/]+))\/(?<rest>.+)$/
const NAMESPACE_SUBRESOURCES = new Set(['status', 'finalize'])

/** Undefined when the path names no resource (discovery, health, a web page). */
export function parseRequest(method: string, path: string, query: URLSearchParams): RequestInfo | undefined {
  const match = RESOURCE_PATH.exec(path)
  const verbs = VERBS[method]
  if (match?.groups === undefined || verbs === undefined) return undefined
  const { core, group = '', version = '', rest = '' } = match.groups
  const parts = rest.split('/').map(decoded)

  let namespace = ''
  if (parts[0] === 'namespaces' && parts.length > 1) {
    namespace = parts[1] ?? ''
    // /namespaces/NAME and its own subresources are about the namespace; deeper paths about what is in it.
    if (parts.length > 2 && !NAMESPACE_SUBRESOURCES.has(parts[2] ?? '')) parts.splice(0, 2)
  }
  const [resource = '', name = '', subresource = '', ...below] = parts
  const verb = name === '' ? verbs[1] : verbs[0]
  const watching = verb === 'list' && isTrue(query.get('watch'))
  return {
    verb: watching ? 'watch' : verb,
    group,
    version: core ?? version,
    resource,
    subresource,
    rest: below.join('/'),
    namespace,
    name,
  }
}

/** A part that is not well encoded names nothing that is there, so it may stay as it is. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

/** As Go reads booleans of a query. */
export function isTrue(value: string | null): boolean {
  return value === 'true' || value === '1' || value === 'True' || value === 't'
}
