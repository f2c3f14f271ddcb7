/** The part of JSON Schema that is checked here; whatever else a schema says is named as skipped. */
export interface JsonSchema {
  type?: readonly string[]
  enum?: readonly unknown[]
  const?: unknown
  required?: readonly string[]
  properties?: ReadonlyMap<string, JsonSchema>
  /** Whether there may be others than `properties`. */
  additional: boolean
  items?: JsonSchema
  pattern?: RegExp
  /** Of a text or list. */
  least?: number
  most?: number
  minimum?: number
  maximum?: number
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const KINDS: Record<string, (value: unknown) => boolean> = {
  string: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number',
  integer: Number.isInteger,
  boolean: (value) => typeof value === 'boolean',
  null: (value) => value === null,
  array: Array.isArray,
  object: isObject,
}

export const KIND_NAMES: readonly string[] = Object.keys(KINDS)

export function fits(schema: JsonSchema, value: unknown): boolean {
  if (schema.type && !schema.type.some((kind) => KINDS[kind]?.(value))) return false
  if (schema.enum && !schema.enum.some((one) => same(one, value))) return false
  if ('const' in schema && !same(schema.const, value)) return false
  if (typeof value === 'number')
    return value >= (schema.minimum ?? value) && value <= (schema.maximum ?? value)
  if (typeof value === 'string') return hasLength(schema, [...value]) && schema.pattern?.test(value) !== false
  if (Array.isArray(value))
    return hasLength(schema, value) && value.every((item) => !schema.items || fits(schema.items, item))
  return !isObject(value) || fitsObject(schema, value)
}

const hasLength = (
  { least = 0, most = Number.POSITIVE_INFINITY }: JsonSchema,
  { length }: readonly unknown[],
) => length >= least && length <= most

function fitsObject({ required = [], properties, additional }: JsonSchema, value: Record<string, unknown>) {
  if (!required.every((key) => Object.hasOwn(value, key))) return false
  return Object.entries(value).every(([key, field]) => {
    const schema = properties?.get(key)
    return schema ? fits(schema, field) : additional
  })
}

/** Equal as JSON; the order of fields does not count. */
function same(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((item, i) => same(item, b[i]))
  if (!isObject(a) || !isObject(b)) return a === b
  const keys = Object.keys(a)
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && same(a[key], b[key]))
  )
}
