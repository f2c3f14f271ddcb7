import { duplicate, type FieldError } from '../field-errors.ts'
import { type Doc, isDoc } from '../json.ts'
import { type CustomSchema, fieldSchema } from './custom-schema.ts'

/** Items of a list of type `set` or `map` that are there twice; JSON Schema cannot say that. */
export function listErrors(value: unknown, schema: CustomSchema | undefined, path: string): FieldError[] {
  if (schema === undefined) return []
  if (Array.isArray(value)) {
    const inner = value.flatMap((item, index) => listErrors(item, schema.items, `${path}[${index}]`))
    return [...repeated(value, schema, path), ...inner]
  }
  if (!isDoc(value)) return []
  return Object.entries(value).flatMap(([name, item]) =>
    listErrors(item, fieldSchema(schema, name), path === '' ? name : `${path}.${name}`),
  )
}

function repeated(list: readonly unknown[], schema: CustomSchema, path: string): FieldError[] {
  const type = schema['x-kubernetes-list-type']
  if (type !== 'set' && type !== 'map') return []
  const keys = type === 'map' ? (schema['x-kubernetes-list-map-keys'] ?? []) : undefined
  const seen = new Set<string>()
  return list.flatMap((item, index) => {
    const identity = keys === undefined ? item : only(item, keys)
    const text = JSON.stringify(identity)
    if (seen.has(text)) return [duplicate(`${path}[${index}]`, identity)]
    seen.add(text)
    return []
  })
}

function only(item: unknown, keys: readonly string[]): Doc {
  return Object.fromEntries(keys.map((key) => [key, isDoc(item) ? item[key] : undefined]))
}
