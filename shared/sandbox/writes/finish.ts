import { type Call, timestamp } from '../api.ts'
import { afterUpdate, ownable, readManagers, writeManagers } from '../apply/managers.ts'
import { withDefaults } from '../crd/default.ts'
import { schemaErrors } from '../crd/validate.ts'
import { type Doc, sameJson, without } from '../json.ts'
import { metadataErrors, metadataUpdateErrors } from '../metadata.ts'
import { groupVersion, type KubeObject, type ManagedFieldsEntry, type Metadata } from '../objects.ts'
import { invalid } from '../status-errors.ts'

/** What creating and changing have in common once it is clear what the object shall be. */

/** The object as it will be stored; throws 422 for one that may not be. */
export function prepared(call: Call, given: KubeObject, old: KubeObject | undefined): KubeObject {
  const { type } = call
  let object = type.rules.prepare?.(given, old) ?? given
  if (type.schema !== undefined) object = withDefaults(object, type.schema)
  const errors = [
    ...(old === undefined ? [] : metadataUpdateErrors(object.metadata, old.metadata)),
    ...metadataErrors(object.metadata, type),
    ...(type.schema === undefined ? [] : schemaErrors(object, type.schema)),
    ...(type.rules.validate?.(object, old) ?? []),
  ]
  // A second version's objects are refused under the name of the stored one.
  const kind = { group: type.view === undefined ? type.group : '', kind: type.kind }
  if (errors.length > 0) throw invalid(kind, object.metadata.name, errors)
  return object
}

/** The object with its managers after a write by `Update`. */
export function managedByUpdate(call: Call, object: KubeObject, old: KubeObject | undefined): KubeObject {
  const { type, info, manager, api } = call
  const hasStatus = type.subresources.includes('status')
  const given = object.metadata.managedFields
  // A list that was emptied on purpose starts anew; one that was not sent stays as it is.
  const base = given === undefined ? old?.metadata.managedFields : given.filter((entry) => 'manager' in entry)
  const managed = afterUpdate(readManagers(base), {
    before: old === undefined ? { metadata: {} } : ownable(old, info.subresource, hasStatus),
    after: ownable(object, info.subresource, hasStatus),
    shape: type.shape,
    manager: {
      name: manager,
      operation: 'Update',
      apiVersion: groupVersion(type.group, type.version),
      subresource: info.subresource,
    },
    now: timestamp(api.now()),
  })
  return withManagedFields(object, writeManagers(managed))
}

export function withManagedFields(object: KubeObject, managedFields: ManagedFieldsEntry[]): KubeObject {
  const metadata = without(object.metadata, 'managedFields') as Metadata
  return { ...object, metadata: managedFields.length === 0 ? metadata : { ...metadata, managedFields } }
}

/** Whether a write would change nothing; the time at which a manager wrote does not count. */
export function isSame(left: KubeObject, right: KubeObject): boolean {
  return sameJson(timeless(left), timeless(right))
}

function timeless(object: KubeObject): Doc {
  const { resourceVersion: _, managedFields = [], ...metadata } = object.metadata
  const managers = managedFields.map(({ time: _, ...rest }) => rest)
  return { ...object, metadata: { ...metadata, managedFields: managers } }
}
