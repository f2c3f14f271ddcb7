import type { Doc } from '../json.ts'

/**
 * A structural schema, as a CustomResourceDefinition carries it.
 * https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#specifying-a-structural-schema
 */
export interface CustomSchema extends Doc {
  type?: string
  properties?: Record<string, CustomSchema>
  additionalProperties?: CustomSchema | boolean
  items?: CustomSchema
  required?: string[]
  nullable?: boolean
  default?: unknown
  'x-kubernetes-preserve-unknown-fields'?: boolean
  'x-kubernetes-embedded-resource'?: boolean
  'x-kubernetes-int-or-string'?: boolean
  'x-kubernetes-list-type'?: 'atomic' | 'set' | 'map'
  'x-kubernetes-list-map-keys'?: string[]
  'x-kubernetes-map-type'?: 'atomic' | 'granular'
}

export function additional(schema: CustomSchema): CustomSchema | undefined {
  return typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined
}

/** The schema of a field of a map, if it has one. */
export function fieldSchema(schema: CustomSchema | undefined, name: string): CustomSchema | undefined {
  if (schema === undefined) return undefined
  const properties = schema.properties
  if (properties !== undefined && Object.hasOwn(properties, name)) return properties[name]
  return additional(schema)
}
