import { randomUUID } from 'node:crypto'
import { type Call, timestamp } from '../api.ts'
import { generateName } from '../generate-name.ts'
import { textAt, without } from '../json.ts'
import { type KubeObject, keyOf } from '../objects.ts'
import { alreadyExists, badRequest, forbidden, notFound, StatusError } from '../status-errors.ts'
import { managedByUpdate, prepared } from './finish.ts'
import { readObject } from './incoming.ts'
import { requireFits } from './size.ts'

/** POST: https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-uris */
export function create(call: Call): KubeObject {
  const object = newObject(call, readObject(call))
  return store(call, managedByUpdate(call, prepared(call, object, undefined), undefined))
}

/** The object with what the server sets at creation; refuses one whose place cannot take it. */
export function newObject(call: Call, given: KubeObject): KubeObject {
  const { api, type, info } = call
  const object = type.view?.toStored(given) ?? given
  const namespace = namespaceFor(call, object)
  if (info.name !== '' && object.metadata.name !== '' && object.metadata.name !== info.name) {
    throw badRequest(
      `the name of the object (${object.metadata.name}) does not match the name on the URL (${info.name})`,
    )
  }
  if (object.metadata.resourceVersion !== undefined) {
    throw new StatusError(500, '', 'resourceVersion should not be set on objects to be created')
  }
  const { name, generateName: prefix } = object.metadata
  const metadata = {
    ...without(object.metadata, 'deletionTimestamp', 'deletionGracePeriodSeconds', 'generation', 'selfLink'),
    name: name === '' && prefix !== undefined ? generateName(prefix) : name || info.name,
    ...(type.namespaced ? { namespace } : {}),
    uid: randomUUID(),
    creationTimestamp: timestamp(api.now()),
    ...(type.counted ? { generation: 1 } : {}),
  }
  requireLiveNamespace(call, namespace, metadata.name)
  const kept = type.subresources.includes('status') ? (without(object, 'status') as KubeObject) : object
  return { ...kept, metadata }
}

/** Stores a new object, unless it is only a rehearsal. */
export function store(call: Call, object: KubeObject): KubeObject {
  const { api, type, dryRun } = call
  requireFits(object)
  if (api.store.get(type.collection, keyOf(object)) !== undefined) {
    throw alreadyExists(type, object.metadata.name)
  }
  return dryRun ? object : api.store.put(type.collection, object)
}

function namespaceFor({ type, info }: Call, object: KubeObject): string {
  const { namespace = '' } = object.metadata
  if (!type.namespaced) return ''
  if (namespace !== '' && namespace !== info.namespace) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request')
  }
  if (info.namespace === '') throw badRequest('an empty namespace may not be set during creation')
  return info.namespace
}

/** https://kubernetes.io/docs/reference/access-authn-authz/admission-controllers/#namespacelifecycle */
function requireLiveNamespace({ api, type }: Call, namespace: string, name: string): void {
  if (!type.namespaced) return
  const found = api.store.get('namespaces', `/${namespace}`)
  if (found === undefined) throw notFound({ group: '', plural: 'namespaces' }, namespace)
  if (textAt(found, 'status', 'phase') !== 'Terminating') return
  const why = `unable to create new content in namespace ${namespace} because it is being terminated`
  throw forbidden(type, name, why, [
    {
      reason: 'NamespaceTerminating',
      message: `namespace ${namespace} is being terminated`,
      field: 'metadata.namespace',
    },
  ])
}
