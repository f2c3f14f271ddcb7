import type { Doc } from './json.ts'

/** ObjectMeta: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/object-meta/ */
export interface Metadata extends Doc {
  name: string
  generateName?: string
  namespace?: string
  uid?: string
  resourceVersion?: string
  generation?: number
  creationTimestamp?: string
  deletionTimestamp?: string
  deletionGracePeriodSeconds?: number
  labels?: Record<string, string>
  annotations?: Record<string, string>
  ownerReferences?: OwnerReference[]
  finalizers?: string[]
  managedFields?: ManagedFieldsEntry[]
}

export interface OwnerReference {
  apiVersion: string
  kind: string
  name: string
  uid: string
  controller?: boolean
  blockOwnerDeletion?: boolean
}

export interface ManagedFieldsEntry {
  manager: string
  operation: 'Apply' | 'Update'
  apiVersion: string
  time?: string
  fieldsType: 'FieldsV1'
  fieldsV1: Doc
  subresource?: string
}

export interface KubeObject extends Doc {
  apiVersion: string
  kind: string
  metadata: Metadata
}

/** Group and plural: what error messages call a resource. */
export interface GroupResource {
  group: string
  plural: string
}

/** `plural.group`, or `plural` in the core group. */
export function qualified({ group, plural }: GroupResource): string {
  return group === '' ? plural : `${plural}.${group}`
}

export function groupVersion(group: string, version: string): string {
  return group === '' ? version : `${group}/${version}`
}

/** Under which an object lies in its collection; sorting by it gives the order of lists. */
export function objectKey(namespace: string | undefined, name: string): string {
  return `${namespace ?? ''}/${name}`
}

export function keyOf({ metadata }: KubeObject): string {
  return objectKey(metadata.namespace, metadata.name)
}
