import type { Call } from '../api.ts'
import { invalidValue } from '../field-errors.ts'
import { sameJson, without } from '../json.ts'
import { type KubeObject, keyOf, objectKey } from '../objects.ts'
import { badRequest, conflict, invalid, notFound, staleVersion } from '../status-errors.ts'
import { newObject, store } from './create.ts'
import { isSame, managedByUpdate, prepared } from './finish.ts'
import { readObject } from './incoming.ts'
import { requireFits } from './size.ts'

/** What a write came to: `created` decides between 200 and 201. */
export interface Written {
  object: KubeObject
  created: boolean
}

export function existing({ api, type, info }: Call): KubeObject | undefined {
  return api.store.get(type.collection, objectKey(type.namespaced ? info.namespace : '', info.name))
}

/** PUT, of an object or its status. */
export function update(call: Call): Written {
  const { type, info } = call
  const given = readObject(call)
  const old = existing(call)
  if (old === undefined) {
    if (!type.createOnUpdate || info.subresource !== '') throw notFound(type, info.name)
    const made = prepared(call, newObject(call, given), undefined)
    return { object: store(call, managedByUpdate(call, made, undefined)), created: true }
  }
  if (given.metadata.resourceVersion === undefined && type.versionRequired) {
    const missing = invalidValue('metadata.resourceVersion', 0, 'must be specified for an update')
    throw invalid({ group: type.group, kind: type.plural }, info.name, [missing])
  }
  const next = type.view?.toStored(given) ?? given
  return { object: replace(call, old, next, managedByUpdate), created: false }
}

type Manage = (call: Call, object: KubeObject, old: KubeObject) => KubeObject

/** Puts `next` in the place of `old`, as far as this endpoint may. */
export function replace(call: Call, old: KubeObject, next: KubeObject, manage: Manage): KubeObject {
  requireSameObject(call, old, next)
  const merged = withinEndpoint(call, old, next)
  const object = manage(call, counted(call, prepared(call, merged, old), old), old)
  if (isSame(object, old)) return old
  return commit(call, object)
}

function commit({ api, type, dryRun }: Call, object: KubeObject): KubeObject {
  requireFits(object)
  if (dryRun) return object
  // The last finalizer went: what was only marked as deleted is deleted now.
  const { deletionTimestamp, finalizers = [] } = object.metadata
  if (deletionTimestamp !== undefined && finalizers.length === 0 && type.collection !== 'namespaces') {
    return api.store.remove(type.collection, keyOf(object), object) ?? object
  }
  return api.store.put(type.collection, object)
}

function requireSameObject({ type, info }: Call, old: KubeObject, next: KubeObject): void {
  const { name, namespace, uid, resourceVersion } = next.metadata
  if (name !== '' && name !== info.name) {
    throw badRequest(`the name of the object (${name}) does not match the name on the URL (${info.name})`)
  }
  if (type.namespaced && namespace !== undefined && namespace !== info.namespace) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request')
  }
  // A patch that changes the uid is refused as changing what cannot change; see metadataUpdateErrors.
  if (info.verb === 'update' && uid !== undefined && uid !== old.metadata.uid) {
    const why = `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${old.metadata.uid}`
    throw conflict(type, info.name, why)
  }
  if (resourceVersion !== undefined && resourceVersion !== old.metadata.resourceVersion) {
    throw staleVersion(type, info.name)
  }
}

/** What of `next` counts at this endpoint: the status has one of its own, and some metadata is the server's. */
function withinEndpoint({ type, info }: Call, old: KubeObject, next: KubeObject): KubeObject {
  if (info.subresource === 'status') {
    const { managedFields } = next.metadata
    const metadata = { ...old.metadata, ...(managedFields === undefined ? {} : { managedFields }) }
    return withStatus({ ...old, metadata }, next)
  }
  const own = ['resourceVersion', 'creationTimestamp', 'deletionTimestamp', 'deletionGracePeriodSeconds']
  const uid = next.metadata.uid ?? old.metadata.uid
  const kept = ['name', 'namespace', 'generation', ...own]
    .filter((field) => old.metadata[field] !== undefined)
    .map((field) => [field, old.metadata[field]])
  const metadata = { ...without(next.metadata, ...own, 'generation'), ...Object.fromEntries(kept), uid }
  const object = { ...next, metadata }
  return type.subresources.includes('status') ? withStatus(object, old) : object
}

function withStatus(object: KubeObject, { status }: KubeObject): KubeObject {
  return status === undefined ? (without(object, 'status') as KubeObject) : { ...object, status }
}

/** metadata.generation counts changes of the desired state: of all but metadata and status. */
function counted({ type, info }: Call, object: KubeObject, old: KubeObject): KubeObject {
  if (!type.counted || info.subresource === 'status') return object
  const apart = type.subresources.includes('status') ? ['metadata', 'status'] : ['metadata']
  if (sameJson(without(object, ...apart), without(old, ...apart))) return object
  const generation = (old.metadata.generation ?? 0) + 1
  return { ...object, metadata: { ...object.metadata, generation } }
}
