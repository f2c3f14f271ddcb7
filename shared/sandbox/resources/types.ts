import type { Shape } from '../apply/shape.ts'
import type { CustomSchema } from '../crd/custom-schema.ts'
import type { FieldError } from '../field-errors.ts'
import type { KubeObject } from '../objects.ts'

/** All the server knows about one resource in one version; the verbs themselves are the same for all. */
export interface ResourceType {
  group: string
  version: string
  plural: string
  singular: string
  kind: string
  namespaced: boolean
  shortNames: readonly string[]
  categories: readonly string[]
  /** Where the objects lie. Two types with one collection are two views of the same objects. */
  collection: string
  subresources: readonly Subresource[]
  /** Whether metadata.generation counts the changes of the desired state. */
  counted: boolean
  /** Core types take strategic merge patches; custom resources do not. */
  strategic: boolean
  /** Whether PUT and apply-less PATCH of a missing object create it. */
  createOnUpdate: boolean
  /** Whether PUT needs a resourceVersion. */
  versionRequired: boolean
  /** Whether DELETE answers with the object rather than with a Status. */
  returnsDeleted: boolean
  nameRule: NameRule
  shape: Shape
  rules: Rules
  columns: readonly Column[]
  fieldLabels: readonly string[]
  /** Of a built-in type, the fields beside apiVersion, kind and metadata. What is in them is not checked. */
  fields: readonly string[]
  schema?: CustomSchema
  view?: View
}

export type Subresource = 'status' | 'scale'
export type NameRule = 'subdomain' | 'label' | 'label1035' | 'path'

/** What only this kind does. `old` is undefined at creation. */
export interface Rules {
  /** Refuses what the real server's types cannot hold (400), before anything else is looked at. */
  decode?(object: KubeObject): void
  /** Sets what the server decides. */
  prepare?(object: KubeObject, old: KubeObject | undefined): KubeObject
  validate?(object: KubeObject, old: KubeObject | undefined): FieldError[]
}

/** A second version of objects that are stored in another. */
export interface View {
  toStored(object: KubeObject): KubeObject
  fromStored(object: KubeObject): KubeObject
}

export interface Column {
  name: string
  type: 'string' | 'integer' | 'number' | 'boolean' | 'date'
  format?: string
  description?: string
  priority?: number
  cell(object: KubeObject, now: Date): unknown
}
