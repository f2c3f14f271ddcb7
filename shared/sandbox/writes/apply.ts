import { type Call, timestamp } from '../api.ts'
import { compare, fieldsOf } from '../apply/compare.ts'
import {
  describePaths,
  difference,
  type FieldSet,
  intersection,
  isEmpty,
  LEAF,
  setOf,
  union,
} from '../apply/field-set.ts'
import {
  isSameManager,
  type Managed,
  type Manager,
  ownable,
  readManagers,
  writeManagers,
} from '../apply/managers.ts'
import { mergeApplied, removeFields } from '../apply/merge.ts'
import { parseBody, requireDoc } from '../body.ts'
import { required } from '../field-errors.ts'
import { groupVersion, type KubeObject } from '../objects.ts'
import { isTrue } from '../request.ts'
import { badRequest, conflict, invalid, notFound, type StatusCause, StatusError } from '../status-errors.ts'
import { newObject, store } from './create.ts'
import { prepared, withManagedFields } from './finish.ts'
import { toObject } from './incoming.ts'
import { existing, replace, type Written } from './update.ts'

/** Server-side apply: https://kubernetes.io/docs/reference/using-api/server-side-apply/ */
export function apply(call: Call): Written {
  const { type, info } = call
  const config = readConfig(call)
  const old = existing(call)
  if (old === undefined) {
    if (info.subresource !== '') throw notFound(type, info.name)
    if (config.metadata.uid !== undefined) {
      const why = `uid mismatch: the provided object specified uid ${config.metadata.uid}, and no existing object was found`
      throw conflict(type, info.name, why)
    }
    const object = prepared(call, newObject(call, config), undefined)
    return { object: store(call, withManagers(call, object, [], config)), created: true }
  }
  const managed = readManagers(old.metadata.managedFields)
  const merged = mergeApplied(old, config, type.shape) as KubeObject
  const next = pruned(call, merged, managed, config)
  requireNoConflict(call, old, next, managed, config)
  const object = replace(call, old, next, (_, final) => withManagers(call, final, managed, config, old))
  return { object, created: false }
}

function readConfig(call: Call): KubeObject {
  const { type, info, query } = call
  if (query.get('fieldManager') === null) {
    const missing = required('fieldManager', 'is required for apply patch')
    throw invalid({ group: 'meta.k8s.io', kind: 'PatchOptions' }, '', [missing])
  }
  const { value, duplicates } = parseBody(call.body, 'application/apply-patch+yaml')
  const doc = requireDoc(value)
  if (doc.apiVersion === undefined) throw badRequest('apiVersion must be set')
  const config = toObject(call, doc, duplicates)
  if (config.metadata.managedFields !== undefined) throw badRequest('metadata.managedFields must be nil')
  const metadata = { ...config.metadata, name: config.metadata.name || info.name }
  const stored = type.view?.toStored(config) ?? config
  return { ...stored, metadata: type.namespaced ? { ...metadata, namespace: info.namespace } : metadata }
}

function applier({ type, info, manager }: Call): Manager {
  const apiVersion = groupVersion(type.group, type.version)
  return { name: manager, operation: 'Apply', apiVersion, subresource: info.subresource }
}

const METADATA = setOf(false, [['f:metadata', LEAF]])

function owned({ type, info }: Call, config: KubeObject): FieldSet {
  const fields = fieldsOf(ownable(config, info.subresource, type.subresources.includes('status')), type.shape)
  // Metadata without anything in it is not a claim on it.
  return difference(fields, METADATA)
}

/** What this manager applied before and no longer does goes, unless somebody else owns it as well. */
function pruned(call: Call, merged: KubeObject, managed: readonly Managed[], config: KubeObject): KubeObject {
  const mine = managed.find(({ manager }) => isSameManager(manager, applier(call)))
  if (mine === undefined) return merged
  const kept = managed
    .filter((one) => one !== mine)
    .reduce((all, { fields }) => union(all, fields), owned(call, config))
  const gone = difference(withParents(mine.fields), withParents(kept))
  return removeFields(merged, gone, call.type.shape) as KubeObject
}

/** A map or an item stays while anything in it is owned. */
function withParents(set: FieldSet): FieldSet {
  const children = [...set.children].map(([step, child]) => [step, withParents(child)] as const)
  return { member: true, children: new Map(children) }
}

/** Fields whose value would change though another manager owns them. */
function requireNoConflict(
  call: Call,
  old: KubeObject,
  next: KubeObject,
  managed: readonly Managed[],
  config: KubeObject,
): void {
  if (isTrue(call.query.get('force'))) return
  const changed = intersection(changesOf(call, old, next), owned(call, config))
  const causes = managed.flatMap(({ manager, fields }) => {
    if (isSameManager(manager, applier(call))) return []
    const message = `conflict with ${describeManager(manager)}`
    return describePaths(intersection(changed, fields)).map<StatusCause>((field) => {
      return { reason: 'FieldManagerConflict', message, field }
    })
  })
  if (causes.length === 0) return
  const count = causes.length === 1 ? '1 conflict' : `${causes.length} conflicts`
  throw new StatusError(409, 'Conflict', `Apply failed with ${count}: ${listed(causes)}`, { causes })
}

function describeManager({ name, operation, apiVersion, subresource }: Manager): string {
  const who = subresource === '' ? `"${name}"` : `"${name}" with subresource "${subresource}"`
  return operation === 'Apply' ? who : `${who} using ${apiVersion}`
}

/** One conflict in a line, several as a list below each manager. */
function listed(causes: readonly StatusCause[]): string {
  const [first] = causes
  if (causes.length === 1) return `${first?.message}: ${first?.field}`
  const messages = [...new Set(causes.map(({ message = '' }) => message))]
  return messages
    .map((message) => {
      const fields = causes.filter((cause) => cause.message === message).map(({ field }) => `- ${field}`)
      return [`${message.replace(/^conflict /, 'conflicts ')}:`, ...fields].join('\n')
    })
    .join('\n')
}

function changesOf({ type, info }: Call, old: KubeObject, next: KubeObject): FieldSet {
  const hasStatus = type.subresources.includes('status')
  const before = ownable(old, info.subresource, hasStatus)
  return compare(before, ownable(next, info.subresource, hasStatus), type.shape).set
}

/** The managers afterwards: the applier owns what it applied; nobody else owns what changed or is gone. */
function withManagers(
  call: Call,
  object: KubeObject,
  managed: readonly Managed[],
  config: KubeObject,
  old?: KubeObject,
): KubeObject {
  const { type, info, api } = call
  const hasStatus = type.subresources.includes('status')
  const before = old === undefined ? { metadata: {} } : ownable(old, info.subresource, hasStatus)
  const changes = compare(before, ownable(object, info.subresource, hasStatus), type.shape)
  const others = managed
    .filter(({ manager }) => !isSameManager(manager, applier(call)))
    .map((one) => ({ ...one, fields: difference(difference(one.fields, changes.set), changes.removed) }))
  const fields = owned(call, config)
  const mine = isEmpty(fields) ? [] : [{ manager: applier(call), fields, time: timestamp(api.now()) }]
  return withManagedFields(object, writeManagers([...others, ...mine]))
}
