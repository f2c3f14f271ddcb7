import type { ObjectId, Resource } from './port.ts'

/**
 * Request paths: https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-uris.
 * Every segment and query value is percent-encoded, and segments that would mean another resource are refused: with an
 * empty name, a DELETE of one object would be the DELETE of its whole collection.
 */

export type Query = Record<string, string | number | boolean | undefined>

export function collectionPath(resource: Resource, namespace?: string, query?: Query): string {
  const root =
    resource.group === ''
      ? `/api/${segment(resource.version)}`
      : `/apis/${segment(resource.group)}/${segment(resource.version)}`
  const scope = namespace === undefined ? '' : `/namespaces/${segment(namespace)}`
  if (namespace !== undefined && !resource.namespaced)
    throw new TypeError(`${resource.kind} has no namespace`)
  return `${root}${scope}/${segment(resource.plural)}${queryString(query)}`
}

export function objectPath(resource: Resource, id: ObjectId, query?: Query, subresource?: string): string {
  if (resource.namespaced && id.namespace === undefined) {
    throw new TypeError(`${resource.kind} ${id.name} needs a namespace`)
  }
  const collection = collectionPath(resource, id.namespace)
  const below = subresource === undefined ? '' : `/${segment(subresource)}`
  return `${collection}/${segment(id.name)}${below}${queryString(query)}`
}

/** Where a new object is posted to: the collection it will be in. */
export function creationPath(resource: Resource, id: ObjectId): string {
  return objectPath(resource, id).replace(/\/[^/]*$/, '')
}

function segment(text: string): string {
  if (text === '' || text === '.' || text === '..') throw new TypeError(`not a path segment: "${text}"`)
  return encodeURIComponent(text)
}

function queryString(query: Query = {}): string {
  const pairs = Object.entries(query).flatMap(([key, value]) =>
    value === undefined ? [] : [`${encodeURIComponent(key)}=${encodeURIComponent(value)}`],
  )
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`
}
