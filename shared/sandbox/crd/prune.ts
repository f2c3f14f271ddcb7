import { type Doc, isDoc } from '../json.ts'
import { type CustomSchema, fieldSchema } from './custom-schema.ts'

/** What every object has, whatever its schema says. */
const ROOT_FIELDS = new Set(['apiVersion', 'kind', 'metadata'])

/**
 * The object without the fields that its schema does not know, and their paths.
 * https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#field-pruning
 */
export function prune<T extends Doc>(object: T, schema: CustomSchema): { object: T; unknown: string[] } {
  const unknown: string[] = []

  function map(value: Doc, at: CustomSchema, path: string, root: boolean): Doc {
    const kept: Doc = {}
    let changed = false
    for (const [name, inner] of Object.entries(value)) {
      const place = path === '' ? name : `${path}.${name}`
      const found = fieldSchema(at, name)
      const free = at['x-kubernetes-preserve-unknown-fields'] === true || at.additionalProperties === true
      const object = root || at['x-kubernetes-embedded-resource'] === true
      if (object && ROOT_FIELDS.has(name)) kept[name] = inner
      else if (found !== undefined) kept[name] = any(inner, found, place)
      else if (free) kept[name] = inner
      else {
        unknown.push(place)
        changed = true
      }
      if (kept[name] !== inner) changed = true
    }
    return changed ? kept : value
  }

  function any(value: unknown, at: CustomSchema, path: string): unknown {
    if (isDoc(value)) return map(value, at, path, false)
    if (!Array.isArray(value) || at.items === undefined) return value
    const { items } = at
    const kept = value.map((item, index) => any(item, items, `${path}[${index}]`))
    return kept.some((item, index) => item !== value[index]) ? kept : value
  }

  return { object: map(object, schema, '', true) as T, unknown }
}
