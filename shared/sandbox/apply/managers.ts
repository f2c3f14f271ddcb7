import { type Doc, isDoc, sameJson, without } from '../json.ts'
import type { KubeObject, ManagedFieldsEntry } from '../objects.ts'
import { compare } from './compare.ts'
import { difference, EMPTY, type FieldSet, fromFieldsV1, isEmpty, toFieldsV1, union } from './field-set.ts'
import type { Shape } from './shape.ts'

/** Who wrote which fields: https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management */

/** A manager is who, how and through which endpoint. */
export interface Manager {
  name: string
  operation: 'Apply' | 'Update'
  apiVersion: string
  subresource: string
}

export interface Managed {
  manager: Manager
  fields: FieldSet
  time: string
}

const SYSTEM_METADATA = [
  'name',
  'namespace',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'selfLink',
  'managedFields',
]

/** What of an object is anybody's: not what the server sets, and not what this endpoint leaves alone. */
export function ownable(object: KubeObject, subresource: string, hasStatus: boolean): Doc {
  if (subresource === 'status') return { metadata: {}, status: object.status }
  const hidden = hasStatus ? ['apiVersion', 'kind', 'status'] : ['apiVersion', 'kind']
  // Of a namespace's spec there is nothing but the server's finalizer.
  if (object.kind === 'Namespace') hidden.push('spec')
  return { ...without(object, ...hidden), metadata: without(object.metadata, ...SYSTEM_METADATA) }
}

export function readManagers(entries: readonly ManagedFieldsEntry[] | undefined): Managed[] {
  return (entries ?? []).map(({ manager, operation, apiVersion, subresource = '', time = '', fieldsV1 }) => ({
    manager: { name: manager, operation, apiVersion, subresource },
    fields: fromFieldsV1(isDoc(fieldsV1) ? fieldsV1 : {}),
    time,
  }))
}

/** In the order of the real server: appliers first, then by time and name. Nobody is listed without a field. */
export function writeManagers(managed: readonly Managed[]): ManagedFieldsEntry[] {
  const rank = ({ manager, time }: Managed) =>
    [manager.operation, time, manager.name, manager.apiVersion, manager.subresource].join('\0')
  return [...managed]
    .filter(({ fields }) => !isEmpty(fields))
    .sort((left, right) => (rank(left) < rank(right) ? -1 : 1))
    .map(({ manager, fields, time }) => ({
      manager: manager.name,
      operation: manager.operation,
      apiVersion: manager.apiVersion,
      ...(time === '' ? {} : { time }),
      fieldsType: 'FieldsV1',
      fieldsV1: toFieldsV1(fields),
      ...(manager.subresource === '' ? {} : { subresource: manager.subresource }),
    }))
}

export function isSameManager(left: Manager, right: Manager): boolean {
  return sameJson(left, right)
}

/** The managers after a create, update or patch: the writer owns what it changed, and nobody else does any more. */
export function afterUpdate(
  managed: readonly Managed[],
  write: { before: unknown; after: unknown; shape: Shape; manager: Manager; now: string },
): Managed[] {
  const { manager, now } = write
  const { set, removed } = compare(write.before, write.after, write.shape)
  if (isEmpty(set) && isEmpty(removed)) return [...managed]
  const mine = managed.find((one) => isSameManager(one.manager, manager))
  const others = managed
    .filter((one) => one !== mine)
    .map((one) => ({ ...one, fields: difference(difference(one.fields, set), removed) }))
  const fields = difference(union(mine?.fields ?? EMPTY, set), removed)
  return [...others, { manager, fields, time: now }]
}
