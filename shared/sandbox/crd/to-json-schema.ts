import type { SchemaObject } from 'ajv'
import { type Doc, isDoc } from '../json.ts'

/** The structural schema in the words of JSON Schema, which ajv reads. */

/** Of the `format`s, those that the API server checks; it ignores the names that it does not know. */
export const FORMATS: Record<string, RegExp | ((text: string) => boolean)> = {
  date: /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/,
  'date-time': (text) =>
    /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:?\d\d)?$/.test(text) &&
    !Number.isNaN(Date.parse(text)),
  byte: /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/,
  uuid: /^[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}$/i,
  ipv4: /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/,
  hostname: /^(?=.{1,253}$)[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?)*$/i,
  email: /^[^@\s]+@[^@\s]+$/,
  uri: (text) => URL.canParse(text),
}

const KEPT = new Set([
  'type',
  'nullable',
  'required',
  'enum',
  'minimum',
  'maximum',
  'minLength',
  'maxLength',
  'pattern',
  'minItems',
  'maxItems',
  'uniqueItems',
  'multipleOf',
  'minProperties',
  'maxProperties',
])

export function toJsonSchema(schema: Doc): SchemaObject {
  const out: SchemaObject = {}
  for (const [word, value] of Object.entries(schema)) if (KEPT.has(word)) out[word] = value
  if (typeof schema.format === 'string' && schema.format in FORMATS) out.format = schema.format
  if (schema['x-kubernetes-int-or-string'] === true) out.type = ['integer', 'string']
  // JSON Schema has no boolean form of these since draft 6.
  for (const [flag, bound] of [
    ['exclusiveMinimum', 'minimum'],
    ['exclusiveMaximum', 'maximum'],
  ] as const) {
    if (schema[flag] !== true) continue
    out[flag] = schema[bound]
    delete out[bound]
  }
  if (isDoc(schema.properties)) out.properties = each(schema.properties)
  if (isDoc(schema.items)) out.items = toJsonSchema(schema.items)
  if (isDoc(schema.additionalProperties)) out.additionalProperties = toJsonSchema(schema.additionalProperties)
  if (isDoc(schema.not)) out.not = toJsonSchema(schema.not)
  for (const word of ['allOf', 'anyOf', 'oneOf'] as const) {
    const list = schema[word]
    if (Array.isArray(list)) out[word] = list.filter(isDoc).map(toJsonSchema)
  }
  return out
}

function each(properties: Doc): Record<string, SchemaObject> {
  return Object.fromEntries(
    Object.entries(properties).flatMap(([name, inner]) =>
      isDoc(inner) ? [[name, toJsonSchema(inner)]] : [],
    ),
  )
}
