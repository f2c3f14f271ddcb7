import { toPlain } from '../../format/plain.ts'
import type { Spot, SpotReader } from '../spots.ts'
import { type JsonSchema, KIND_NAMES } from './json-schema.ts'
import { readPattern } from './read-pattern.ts'

/** These say nothing of the value. */
const SILENT = new Set([
  '$schema',
  '$id',
  '$comment',
  'title',
  'description',
  'default',
  'examples',
  'deprecated',
  'readOnly',
  'writeOnly',
])

type Skip = (what: string, at: Spot) => void

/** `skip` is told of every keyword that is not checked. */
export function readJsonSchema(r: SpotReader, spot: Spot, skip: Skip): JsonSchema {
  const schema: JsonSchema = { additional: true }
  for (const entry of r.entries(spot)) {
    const { key } = entry
    const data = (): unknown => toPlain(entry.node).data
    if (key === 'type') readTypes(r, entry, schema, skip)
    else if (key === 'enum') schema.enum = r.items(entry).map(({ node }) => toPlain(node).data)
    else if (key === 'const') schema.const = data()
    else if (key === 'required') schema.required = r.items(entry).flatMap((item) => r.text(item) ?? [])
    else if (key === 'properties')
      schema.properties = new Map(r.entries(entry).map((one) => [one.key, readJsonSchema(r, one, skip)]))
    else if (key === 'additionalProperties' && typeof data() === 'boolean')
      schema.additional = data() === true
    else if (key === 'items' && entry.node.kind === 'mapping') schema.items = readJsonSchema(r, entry, skip)
    else if (key === 'pattern') Object.assign(schema, { pattern: readPattern(r, entry) })
    else if (LIMITS.has(key))
      Object.assign(schema, { [LIMITS.get(key) ?? key]: readNumber(r, entry, data()) })
    else if (!SILENT.has(key)) skip(key, entry)
  }
  return schema
}

const LIMITS: ReadonlyMap<string, keyof JsonSchema> = new Map([
  ['minLength', 'least'],
  ['minItems', 'least'],
  ['maxLength', 'most'],
  ['maxItems', 'most'],
  ['minimum', 'minimum'],
  ['maximum', 'maximum'],
])

function readTypes(r: SpotReader, spot: Spot, schema: JsonSchema, skip: Skip): void {
  const types = r.texts(spot).map(({ text }) => text)
  // One that is not known would fit nothing.
  if (types.every((type) => KIND_NAMES.includes(type))) schema.type = types
  else skip('type', spot)
}

const readNumber = (r: SpotReader, spot: Spot, value: unknown): number | undefined =>
  typeof value === 'number' ? value : r.note(spot, 'must be a number')
