import {
  type FieldError,
  forbiddenField,
  immutable,
  invalidValue,
  required,
  tooLong,
} from './field-errors.ts'
import { type Doc, isDoc, sameJson } from './json.ts'
import { labelKeyFaults, labelValueFaults, nameFaults } from './names.ts'
import type { Metadata } from './objects.ts'
import type { ResourceType } from './resources/types.ts'

const TEXT = ['name', 'generateName', 'namespace', 'selfLink', 'uid', 'resourceVersion'] as const
const TIMES = ['creationTimestamp', 'deletionTimestamp']
const KNOWN = new Set<string>([
  ...TEXT,
  ...TIMES,
  'generation',
  'deletionGracePeriodSeconds',
  'labels',
  'annotations',
  'ownerReferences',
  'finalizers',
  'managedFields',
])
const STANDARD_FINALIZERS = new Set(['kubernetes', 'orphan', 'foregroundDeletion'])
const MAX_ANNOTATIONS_BYTES = 256 * 1024

/** Metadata as the server's type holds it: no unknown fields (their names come back too), nothing empty. */
export function cleanMetadata(given: unknown): { metadata: Metadata; unknown: string[] } {
  const metadata: Doc = {}
  const unknown: string[] = []
  for (const [field, value] of Object.entries(isDoc(given) ? given : {})) {
    if (!KNOWN.has(field)) unknown.push(`metadata.${field}`)
    else if (field === 'managedFields' && value !== null) metadata[field] = value
    else if (!isVoid(value)) metadata[field] = value
  }
  return { metadata: { name: '', ...metadata }, unknown }
}

/** What Go leaves out of JSON as empty. */
function isVoid(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return true
  if (Array.isArray(value)) return value.length === 0
  return isDoc(value) && Object.keys(value).length === 0
}

/** The first field that is of another type than the API says, as Go's JSON decoder names it. */
export function metadataTypeFault(metadata: Doc): string | undefined {
  for (const field of TEXT) {
    const value = metadata[field]
    if (value !== undefined && typeof value !== 'string') return `ObjectMeta.metadata.${field} of type string`
  }
  for (const field of ['labels', 'annotations']) {
    const map = metadata[field]
    if (map === undefined) continue
    if (!isDoc(map) || Object.values(map).some((value) => typeof value !== 'string')) {
      return `ObjectMeta.metadata.${field} of type string`
    }
  }
  for (const field of ['ownerReferences', 'finalizers', 'managedFields']) {
    const list = metadata[field]
    if (list !== undefined && !Array.isArray(list)) return `ObjectMeta.metadata.${field} of type []string`
  }
  return undefined
}

/** https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/object-meta/ */
export function metadataErrors(metadata: Metadata, type: ResourceType): FieldError[] {
  const {
    name,
    namespace = '',
    labels = {},
    annotations = {},
    ownerReferences = [],
    finalizers = [],
  } = metadata
  const errors: FieldError[] = []
  if (name === '') errors.push(required('metadata.name', 'name or generateName is required'))
  else errors.push(...nameFaults(name, type.nameRule).map((why) => invalidValue('metadata.name', name, why)))
  if (type.namespaced && namespace === '') errors.push(required('metadata.namespace'))
  if (!type.namespaced && namespace !== '') {
    errors.push(forbiddenField('metadata.namespace', 'not allowed on this type'))
  }
  for (const [key, value] of Object.entries(labels)) {
    errors.push(...labelKeyFaults(key).map((why) => invalidValue('metadata.labels', key, why)))
    errors.push(...labelValueFaults(value).map((why) => invalidValue('metadata.labels', value, why)))
  }
  let bytes = 0
  for (const [key, value] of Object.entries(annotations)) {
    bytes += Buffer.byteLength(key) + Buffer.byteLength(value)
    // Annotation keys may hold capitals before the slash, labels may not.
    errors.push(
      ...labelKeyFaults(key.toLowerCase()).map((why) => invalidValue('metadata.annotations', key, why)),
    )
  }
  if (bytes > MAX_ANNOTATIONS_BYTES) errors.push(tooLong('metadata.annotations', MAX_ANNOTATIONS_BYTES))
  ownerReferences.forEach((reference, index) => {
    for (const field of ['apiVersion', 'kind', 'name', 'uid'] as const) {
      if ((reference[field] ?? '') !== '') continue
      errors.push(required(`metadata.ownerReferences[${index}].${field}`, 'must not be empty'))
    }
  })
  if (ownerReferences.filter(({ controller }) => controller === true).length > 1) {
    const detail = 'Only one reference can have Controller set to true.'
    errors.push(invalidValue('metadata.ownerReferences', ownerReferences, detail))
  }
  finalizers.forEach((finalizer, index) => {
    errors.push(
      ...labelKeyFaults(finalizer).map((why) => invalidValue('metadata.finalizers', finalizer, why)),
    )
    if (type.group !== '' || finalizer.includes('/') || STANDARD_FINALIZERS.has(finalizer)) return
    const why = 'name is neither a standard finalizer name nor is it fully qualified'
    errors.push(invalidValue(`metadata.finalizers[${index}]`, finalizer, why))
  })
  return errors
}

/** What may not change once an object is there. */
export function metadataUpdateErrors(next: Metadata, old: Metadata): FieldError[] {
  const errors: FieldError[] = []
  for (const field of ['name', 'namespace', 'uid', 'creationTimestamp'] as const) {
    if (!sameJson(next[field], old[field])) errors.push(immutable(`metadata.${field}`, next[field] ?? ''))
  }
  if (old.deletionTimestamp !== undefined) {
    const added = (next.finalizers ?? []).filter((one) => !(old.finalizers ?? []).includes(one))
    const list = added.map((one) => JSON.stringify(one)).join(', ')
    const detail = `no new finalizers can be added if the object is being deleted, found new finalizers []string{${list}}`
    if (added.length > 0) errors.push(forbiddenField('metadata.finalizers', detail))
  }
  return errors
}
