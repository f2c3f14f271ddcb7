import type { Api, Call } from './api.ts'
import { discovery } from './discovery.ts'
import { createEncoder } from './encode/encoder.ts'
import { type Format, negotiate } from './encode/negotiate.ts'
import { toYaml } from './encode/yaml.ts'
import type { KubeObject } from './objects.ts'
import { openApi } from './openapi.ts'
import { list } from './reads/list.ts'
import { watch } from './reads/watch.ts'
import {
  type ApiRequest,
  type ApiResponse,
  type BodyResponse,
  parseRequest,
  type RequestInfo,
} from './request.ts'
import type { ResourceType } from './resources/types.ts'
import { review } from './reviews.ts'
import {
  badRequest,
  methodNotAllowed,
  noSuchPath,
  notFound,
  type Status,
  StatusError,
} from './status-errors.ts'
import { VERSION_INFO } from './version-info.ts'
import { create } from './writes/create.ts'
import { remove, removeAll } from './writes/delete.ts'
import { patch } from './writes/patch.ts'
import { existing, update } from './writes/update.ts'

/** Answers one request. All the protocol is below this function; what carries it over the wire is in server/. */
export function handle(api: Api, request: ApiRequest): ApiResponse {
  const warnings: string[] = []
  try {
    const info = parseRequest(request.method, request.path, request.query)
    const reviewed = review(request, info, api.reviewers)
    if (reviewed !== undefined) return json(201, reviewed)
    const type = info && api.registry.find(info.group, info.version, info.resource)
    if (info === undefined || type === undefined) return withoutResource(api, request)
    return resource(callOf(api, request, info, type, warnings), negotiate(request.accept))
  } catch (error) {
    if (error instanceof StatusError) return { ...statusResponse(error.status), warnings }
    throw error
  }
}

export function statusResponse(status: Status): BodyResponse {
  const seconds = status.details?.retryAfterSeconds
  const headers = seconds === undefined ? {} : { 'Retry-After': String(seconds) }
  return { ...json(status.code ?? 200, status), headers }
}

function json(status: number, body: object, contentType = 'application/json'): BodyResponse {
  return { kind: 'body', status, contentType, body: `${JSON.stringify(body)}\n` }
}

function text(status: number, body: string): BodyResponse {
  return { kind: 'body', status, contentType: 'text/plain; charset=utf-8', body }
}

const HEALTH = new Set(['/healthz', '/livez', '/readyz'])

function withoutResource({ registry }: Api, { method, path, accept }: ApiRequest): BodyResponse {
  if (method !== 'GET' && method !== 'HEAD') return text(404, '404 page not found\n')
  if (HEALTH.has(path)) return text(200, 'ok')
  if (path === '/version') return json(200, VERSION_INFO)
  const found = discovery(path, registry, accept)
  if (found !== undefined) return json(200, found.body, found.contentType)
  const described = openApi(path, registry)
  return described === undefined ? text(404, '404 page not found\n') : json(200, described)
}

function callOf(
  api: Api,
  request: ApiRequest,
  info: RequestInfo,
  type: ResourceType,
  warnings: string[],
): Call {
  const { query, body, contentType, userAgent } = request
  const validation = query.get('fieldValidation') ?? 'Warn'
  if (validation !== 'Strict' && validation !== 'Warn' && validation !== 'Ignore') {
    throw badRequest(`fieldValidation: Unsupported value: "${validation}"`)
  }
  if (!type.namespaced && info.namespace !== '' && type.collection !== 'namespaces') throw noSuchPath()
  const manager = query.get('fieldManager') || (userAgent.split('/')[0] || 'unknown').slice(0, 128)
  const dryRun = query.getAll('dryRun').includes('All')
  return {
    api,
    type,
    info,
    query,
    body,
    contentType,
    manager,
    dryRun,
    fieldValidation: validation,
    warnings,
  }
}

function resource(call: Call, format: Format): ApiResponse {
  const { type, info, query, api } = call
  const encoder = createEncoder(format, api.now(), query.get('includeObject') ?? 'Metadata')
  const answer = (status: number, object: KubeObject) =>
    body(status, encoder.object(type, object), call, format)
  requireEndpoint(call)
  switch (info.verb) {
    case 'get': {
      const found = existing(call)
      if (found === undefined) throw notFound(type, info.name)
      return answer(200, found)
    }
    case 'list':
      return body(200, encoder.list(type, list(call)), call, format)
    case 'watch':
      return watch(call, encoder)
    case 'create':
      return answer(201, create(call))
    case 'update':
    case 'patch': {
      const { object, created } = info.verb === 'update' ? update(call) : patch(call)
      return answer(created ? 201 : 200, object)
    }
    case 'delete': {
      const left = remove(call)
      return 'metadata' in left && left.kind !== 'Status' ? answer(200, left as KubeObject) : json(200, left)
    }
    case 'deletecollection': {
      const page = { items: removeAll(call), resourceVersion: String(api.store.revision()) }
      return body(200, encoder.list(type, page), call, format)
    }
  }
}

/** Refuses subresources that the type has not got, and verbs that a path does not take. */
function requireEndpoint({ type, info }: Call): void {
  if (info.subresource !== '') {
    const known = type.subresources.some((subresource) => subresource === info.subresource)
    if (!known || info.rest !== '') throw type.schema === undefined ? noSuchPath() : notFound(type, info.name)
    if (!['get', 'update', 'patch'].includes(info.verb)) throw methodNotAllowed()
  }
  if (info.verb === 'create' && info.name !== '') throw methodNotAllowed()
  // A slip would empty the cluster.
  if (info.verb === 'deletecollection' && type.collection === 'namespaces') throw methodNotAllowed()
  if ((info.verb === 'update' || info.verb === 'patch') && info.name === '') throw methodNotAllowed()
}

function body(status: number, text: string, { warnings }: Call, format: Format): BodyResponse {
  if (format.yaml)
    return { kind: 'body', status, contentType: 'application/yaml', body: toYaml(text), warnings }
  return { kind: 'body', status, contentType: 'application/json', body: `${text}\n`, warnings }
}
