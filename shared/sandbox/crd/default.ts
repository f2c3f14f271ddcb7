import { type Doc, isDoc } from '../json.ts'
import { additional, type CustomSchema } from './custom-schema.ts'

/**
 * The value with the schema's defaults, and without the nulls that the schema does not allow.
 * https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#defaulting
 */
export function withDefaults<T>(value: T, schema: CustomSchema): T {
  return defaulted(value, schema) as T
}

function defaulted(value: unknown, schema: CustomSchema): unknown {
  if (Array.isArray(value)) {
    const { items } = schema
    if (items === undefined) return value
    const items2 = value.map((item) => defaulted(item, items))
    return items2.some((item, index) => item !== value[index]) ? items2 : value
  }
  return isDoc(value) ? defaultedMap(value, schema) : value
}

function defaultedMap(value: Doc, schema: CustomSchema): Doc {
  const changes: Doc = {}
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const given = value[name]
    // A null where none may be counts as absent.
    const missing = given === undefined || (given === null && property.nullable !== true)
    const start = missing && property.default !== undefined ? structuredClone(property.default) : given
    const full = start === undefined || (missing && start === null) ? undefined : defaulted(start, property)
    if (full !== given) changes[name] = full
  }
  const others = additional(schema)
  if (others !== undefined) {
    for (const [name, given] of Object.entries(value)) {
      const full = given === null && others.nullable !== true ? undefined : defaulted(given, others)
      if (full !== given) changes[name] = full
    }
  }
  if (Object.keys(changes).length === 0) return value
  const all = Object.entries({ ...value, ...changes })
  return Object.fromEntries(all.filter(([, inner]) => inner !== undefined))
}
