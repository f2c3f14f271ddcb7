import { type ListShape, metadataShape, type Shape, untyped } from '../apply/shape.ts'
import { type CustomSchema, fieldSchema } from './custom-schema.ts'

/** How the values of a custom resource merge, from its schema's x-kubernetes-list-type and -map-type. */
export function shapeOfSchema(schema: CustomSchema): Shape {
  const root = shapeOf(schema)
  return { ...root, field: (name) => (name === 'metadata' ? metadataShape : root.field(name)) }
}

function shapeOf(schema: CustomSchema | undefined): Shape {
  if (schema === undefined) return untyped
  return {
    list: listOf(schema),
    atomicMap: schema['x-kubernetes-map-type'] === 'atomic',
    struct: false,
    field: (name) => shapeOf(fieldSchema(schema, name)),
    item: () => shapeOf(schema.items),
  }
}

function listOf(schema: CustomSchema): ListShape {
  switch (schema['x-kubernetes-list-type']) {
    case 'map':
      return { type: 'map', keys: schema['x-kubernetes-list-map-keys'] ?? [] }
    case 'set':
      return { type: 'set' }
    default:
      return { type: 'atomic' }
  }
}
