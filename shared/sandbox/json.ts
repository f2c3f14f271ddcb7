/** JSON values as the protocol code handles them: parsed, never changed in place once stored. */
export type Doc = Record<string, unknown>

export function isDoc(value: unknown): value is Doc {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The map at a field, or an empty one: for reading through what may be missing. */
export function docAt(value: unknown, ...path: string[]): Doc {
  const found = valueAt(value, ...path)
  return isDoc(found) ? found : {}
}

export function listAt(value: unknown, ...path: string[]): readonly unknown[] {
  const found = valueAt(value, ...path)
  return Array.isArray(found) ? found : []
}

/** The text at a field, or ''. The API does not tell an absent string from an empty one either. */
export function textAt(value: unknown, ...path: string[]): string {
  const found = valueAt(value, ...path)
  return typeof found === 'string' ? found : ''
}

export function valueAt(value: unknown, ...path: string[]): unknown {
  let current = value
  for (const field of path)
    current = isDoc(current) && Object.hasOwn(current, field) ? current[field] : undefined
  return current
}

/** Equality of JSON values; a field that is undefined counts as absent. */
export function sameJson(left: unknown, right: unknown): boolean {
  if (left === right) return true
  if (Array.isArray(left)) {
    return (
      Array.isArray(right) &&
      left.length === right.length &&
      left.every((item, index) => sameJson(item, right[index]))
    )
  }
  if (!isDoc(left) || !isDoc(right)) return false
  for (const key of Object.keys(left)) if (!sameJson(left[key], right[key])) return false
  for (const key of Object.keys(right)) if (right[key] !== undefined && !(key in left)) return false
  return true
}

/** A copy without the named fields. */
export function without(doc: Doc, ...fields: string[]): Doc {
  return Object.fromEntries(Object.entries(doc).filter(([field]) => !fields.includes(field)))
}
