import { type Call, timestamp } from '../api.ts'
import { parseBody } from '../body.ts'
import { deleteOrMark, FOREGROUND, ORPHAN } from '../deletion.ts'
import { type Doc, isDoc, textAt, valueAt } from '../json.ts'
import type { KubeObject } from '../objects.ts'
import { selected, selectionOf } from '../reads/selection.ts'
import { conflict, detailsOf, forbidden, notFound, type Status, success } from '../status-errors.ts'
import { existing } from './update.ts'

const IMMORTAL = new Set(['default', 'kube-system', 'kube-public'])

/** DELETE of one object: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/delete-options/ */
export function remove(call: Call): KubeObject | Status {
  const { type, info } = call
  const options = readOptions(call)
  if (type.collection === 'namespaces' && IMMORTAL.has(info.name)) {
    throw forbidden(type, info.name, 'this namespace may not be deleted')
  }
  const found = existing(call)
  if (found === undefined) throw notFound(type, info.name)
  requirePreconditions(call, found, options)
  const left = removeObject(call, found, options)
  if (left !== undefined) return left
  if (type.returnsDeleted) return found
  return success({ ...detailsOf(type, info.name), uid: found.metadata.uid ?? '' })
}

/** DELETE of a collection; gives back what it deleted. */
export function removeAll(call: Call): KubeObject[] {
  const options = readOptions(call)
  const objects = selected(call.api.store.all(call.type.collection), selectionOf(call))
  return objects.map((object) => removeObject(call, object, options) ?? object)
}

function removeObject({ api, type, dryRun }: Call, found: KubeObject, options: Doc): KubeObject | undefined {
  const finalizers = finalizersAfter(found, options)
  return deleteOrMark(api.store, type.collection, found, { at: timestamp(api.now()), finalizers, dryRun })
}

/** How dependents are treated is kept as a finalizer until it is done. */
function finalizersAfter({ metadata: { finalizers = [] } }: KubeObject, options: Doc): string[] {
  const policy = textAt(options, 'propagationPolicy')
  const rest = finalizers.filter((finalizer) => finalizer !== FOREGROUND && finalizer !== ORPHAN)
  if (policy === 'Foreground') return [...rest, FOREGROUND]
  if (policy === 'Orphan' || valueAt(options, 'orphanDependents') === true) return [...rest, ORPHAN]
  return policy === '' ? finalizers : rest
}

/** From the body, or else the query. */
function readOptions({ body, contentType, query }: Call): Doc {
  const parsed = body.length === 0 ? {} : parseBody(body, contentType).value
  const policy = query.get('propagationPolicy')
  return { ...(policy === null ? {} : { propagationPolicy: policy }), ...(isDoc(parsed) ? parsed : {}) }
}

function requirePreconditions({ type, info }: Call, found: KubeObject, options: Doc): void {
  const uid = textAt(options, 'preconditions', 'uid')
  const version = textAt(options, 'preconditions', 'resourceVersion')
  const { uid: actual, resourceVersion } = found.metadata
  // The real server names the kind here, not the resource.
  const where = { group: type.group, plural: type.kind }
  if (uid !== '' && uid !== actual) {
    const why = `the UID in the precondition (${uid}) does not match the UID in record (${actual}). The object might have been deleted and then recreated`
    throw conflict(where, info.name, why)
  }
  if (version !== '' && version !== resourceVersion) {
    const why = `the ResourceVersion in the precondition (${version}) does not match the ResourceVersion in record (${resourceVersion}). The object might have been modified`
    throw conflict(where, info.name, why)
  }
}
