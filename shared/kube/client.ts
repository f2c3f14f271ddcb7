import { parseJson } from './body.ts'
import type { Connection } from './connection.ts'
import { createLists } from './lists.ts'
import { withoutManagedFields } from './managed-fields.ts'
import { collectionPath, creationPath, objectPath } from './paths.ts'
import type { CallOptions, Kube, KubeObject, ObjectId, Resource } from './port.ts'
import { retryThrottled } from './retry.ts'
import { acceptFor, selectionQuery } from './selection.ts'
import { createTransport, type Request, type TransportOptions } from './transport.ts'
import { watchOnce } from './watch.ts'

/** The Kubernetes API over HTTP: https://kubernetes.io/docs/reference/using-api/api-concepts/ */
export function connect(connection: Connection, options: TransportOptions): Kube {
  const transport = createTransport(connection, options)

  function send(request: Request): Promise<string> {
    return retryThrottled(() => transport.send(request), request.signal)
  }

  const lists = createLists(transport, send)

  async function sendForObject<T extends KubeObject>(request: Request): Promise<T> {
    return withoutManagedFields(parseJson<T>(request.what, await send(request)))
  }

  return {
    async get<T extends KubeObject>(
      resource: Resource,
      id: ObjectId,
      options: CallOptions & { managedFields?: boolean } = {},
    ) {
      const path = objectPath(resource, id)
      const request = { method: 'GET', path, ...named('get', resource, id, options) } as const
      return options.managedFields
        ? parseJson<T>(request.what, await send(request))
        : sendForObject<T>(request)
    },

    list: (resource, selection = {}, options = {}) =>
      lists.whole(resource, selection, named('list', resource, selection, options)),

    listing(resource, selection = {}, options = {}) {
      const call = named('list', resource, selection, options)
      return options.stream
        ? lists.streamed(resource, selection, call)
        : lists.paged(resource, selection, call)
    },

    watch(resource, selection, options = {}) {
      const path = collectionPath(resource, selection.namespace, {
        ...selectionQuery(selection),
        watch: true,
        resourceVersion: selection.resourceVersion,
        allowWatchBookmarks: true,
        timeoutSeconds: watchSeconds(),
      })
      const call = named('watch', resource, selection, options)
      return watchOnce(transport, { method: 'GET', path, accept: acceptFor(selection, ''), ...call }, options)
    },

    async create(resource, object, options) {
      return sendForObject({
        method: 'POST',
        path: creationPath(resource, object.metadata),
        body: JSON.stringify(object),
        ...named('create', resource, object.metadata, options),
      })
    },

    async mergePatch(resource, id, patch, options = {}) {
      return sendForObject({
        method: 'PATCH',
        path: objectPath(resource, id, {}, options.subresource),
        contentType: 'application/merge-patch+json',
        body: JSON.stringify(patch),
        ...named('patch', resource, id, options),
      })
    },

    async replaceStatus(resource, { metadata, status }, options) {
      const { group, version, kind } = resource
      const { namespace, name, uid, resourceVersion } = metadata
      return sendForObject({
        method: 'PUT',
        path: objectPath(resource, metadata, {}, 'status'),
        accept: acceptFor({ metadataOnly: true }, ''),
        body: JSON.stringify({
          apiVersion: group === '' ? version : `${group}/${version}`,
          kind,
          metadata: { namespace, name, uid, resourceVersion },
          status,
        }),
        ...named('update', resource, metadata, { ...options, subresource: 'status' }),
      })
    },

    async delete(resource, id, options = {}) {
      const { uid, resourceVersion } = options
      await send({
        method: 'DELETE',
        path: objectPath(resource, id),
        body: JSON.stringify({
          apiVersion: 'v1',
          kind: 'DeleteOptions',
          preconditions: { uid, resourceVersion },
        }),
        ...named('delete', resource, id, options),
      })
    },

    async apply(resource, object, options) {
      const { fieldManager, force } = options
      return sendForObject({
        method: 'PATCH',
        path: objectPath(resource, object.metadata, { fieldManager, force }),
        contentType: 'application/apply-patch+yaml',
        body: JSON.stringify(object),
        ...named('apply', resource, object.metadata, options),
      })
    },

    async raw(path, options = {}) {
      const what = `get ${path.replace(/\?.*/s, '')}`
      return send({ method: 'GET', path, accept: '*/*', what, about: RAW, signal: options.signal })
    },

    async post(path, body, options = {}) {
      const { signal, headers } = options
      const what = `post ${path.replace(/\?.*/s, '')}`
      const about = { verb: 'create', resource: REVIEW.exec(path)?.[1] ?? 'other' }
      return send({
        method: 'POST',
        path,
        accept: '*/*',
        body,
        what,
        about,
        signal,
        ...(headers && { headers }),
      })
    },

    close: () => transport.close(),
  }
}

const RAW = { verb: 'get', resource: 'other' }
const REVIEW = /^\/apis\/auth[a-z]+\.k8s\.io\/v1\/([a-z]+reviews)$/

/** What an error says we were doing, and what may stop it. */
function named(
  verb: string,
  resource: Resource,
  id: Partial<ObjectId>,
  options: CallOptions & { subresource?: string } = {},
) {
  const object = [id.namespace, id.name].filter((part) => part !== undefined).join('/')
  const { signal, guard, apart, subresource } = options
  const plural = subresource === undefined ? resource.plural : `${resource.plural}/${subresource}`
  const about = { verb: verb === 'apply' ? 'patch' : verb, resource: plural }
  return { what: `${verb} ${resource.plural} ${object}`.trim(), about, signal, guard, apart }
}

/** 5 to 10 minutes, as client-go does it, so that the watches of many do not end together. */
function watchSeconds(): number {
  return Math.round(300 + Math.random() * 300)
}
