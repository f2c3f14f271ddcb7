import type { Doc } from '../json.ts'
import { type Field, type FieldType, MESSAGES, type Message } from './messages.ts'
import { readFields, type WireField } from './wire.ts'

export const PROTOBUF = 'application/vnd.kubernetes.protobuf'

const MAGIC = Buffer.from('k8s\0')

/**
 * An object in Kubernetes' protobuf envelope, as JSON has it; undefined for a kind that is not among ours.
 * https://kubernetes.io/docs/reference/using-api/api-concepts/#protobuf-encoding
 */
export function decodeProtobuf(body: Buffer): Doc | undefined {
  if (!body.subarray(0, MAGIC.length).equals(MAGIC)) return undefined
  const envelope = readFields(body.subarray(MAGIC.length))
  const type = readFields(bytesAt(envelope, 1))
  const kind = bytesAt(type, 2).toString()
  const message = Object.hasOwn(MESSAGES, kind) ? MESSAGES[kind] : undefined
  if (message === undefined) return undefined
  return { apiVersion: bytesAt(type, 1).toString(), kind, ...decode(bytesAt(envelope, 2), message) }
}

function bytesAt(fields: readonly WireField[], wanted: number): Buffer {
  const value = fields.find(({ number }) => number === wanted)?.value
  return Buffer.isBuffer(value) ? value : Buffer.alloc(0)
}

function decode(bytes: Buffer, message: Message): Doc {
  const doc: Doc = {}
  for (const { number, value } of readFields(bytes)) {
    const field = message[number]
    if (field !== undefined) add(doc, field, value)
  }
  return doc
}

function add(doc: Doc, field: Field, value: number | Buffer): void {
  const { name, type, repeated } = field
  const present = doc[name]
  if (type === 'textMap' || type === 'bytesMap') {
    const [key, entry] = entryOf(value, type)
    doc[name] = { ...(present as Doc | undefined), [key]: entry }
    return
  }
  const converted = convert(value, type)
  if (repeated === true) doc[name] = [...(Array.isArray(present) ? present : []), converted ?? '']
  else if (converted !== undefined) doc[name] = converted
}

function entryOf(value: number | Buffer, type: 'textMap' | 'bytesMap'): [key: string, entry: string] {
  const fields = readFields(Buffer.isBuffer(value) ? value : Buffer.alloc(0))
  return [bytesAt(fields, 1).toString(), bytesAt(fields, 2).toString(type === 'textMap' ? 'utf8' : 'base64')]
}

/** Go writes empty fields into protobuf, and leaves them out of JSON. */
function convert(value: number | Buffer, type: Exclude<FieldType, 'textMap' | 'bytesMap'>): unknown {
  if (!Buffer.isBuffer(value)) return type === 'bool' ? value !== 0 : value === 0 ? undefined : value
  if (value.length === 0) return undefined
  if (type === 'bytes') return value.toString('base64')
  if (type === 'time') return timeOf(value)
  if (type === 'intOrString') return intOrString(value)
  if (typeof type !== 'object') return value.toString()
  const doc = decode(value, type.message)
  return Object.keys(doc).length === 0 ? undefined : doc
}

function numberAt(fields: readonly WireField[], wanted: number): number {
  const value = fields.find(({ number }) => number === wanted)?.value
  return typeof value === 'number' ? value : 0
}

function timeOf(value: Buffer): string | undefined {
  const seconds = numberAt(readFields(value), 1)
  return seconds === 0 ? undefined : new Date(seconds * 1000).toISOString().replace('.000Z', 'Z')
}

function intOrString(value: Buffer): unknown {
  const fields = readFields(value)
  return numberAt(fields, 1) === 0 ? numberAt(fields, 2) : bytesAt(fields, 3).toString()
}
