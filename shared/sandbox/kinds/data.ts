import { type FieldError, forbiddenField, invalidValue } from '../field-errors.ts'
import { docAt, sameJson } from '../json.ts'
import type { KubeObject } from '../objects.ts'
import { badRequest } from '../status-errors.ts'

/** What Secrets and ConfigMaps have in common: keys, sizes, base64, and `immutable`. */

/** Of all values together, before base64. */
export const MAX_DATA_BYTES = 1_048_576

const KEY = /^[-._a-zA-Z0-9]+$/
const MAX_KEY_LENGTH = 253

export function keyErrors(field: string, keys: Iterable<string>): FieldError[] {
  const errors: FieldError[] = []
  for (const key of keys) {
    const add = (detail: string) => errors.push(invalidValue(`${field}[${key}]`, key, detail))
    if (key.length > MAX_KEY_LENGTH) add(`must be no more than ${MAX_KEY_LENGTH} characters`)
    if (!KEY.test(key)) {
      add(
        "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')",
      )
    }
    if (key === '.') add("must not be '.'")
    else if (key === '..') add("must not be '..'")
    else if (key.startsWith('..')) add("must not start with '..'")
  }
  return errors
}

export function immutableErrors(
  object: KubeObject,
  old: KubeObject,
  fields: readonly string[],
): FieldError[] {
  if (old.immutable !== true) return []
  const why = 'field is immutable when `immutable` is set'
  const changed = fields.filter((field) => !sameJson(docAt(object, field), docAt(old, field)))
  return [...(object.immutable === true ? [] : ['immutable']), ...changed].map((field) =>
    forbiddenField(field, why),
  )
}

/** Refuses a map of bytes as Go's JSON decoder does: it stops at the first character that is not base64. */
export function requireBase64(object: KubeObject, field: string): void {
  for (const value of Object.values(docAt(object, field))) {
    if (value === null) continue
    if (typeof value !== 'string') throw notA(object, field, value, '[]uint8')
    const wrong = firstIllegalByte(value)
    if (wrong !== undefined) {
      throw cannotBeHandled(object, `illegal base64 data at input byte ${wrong}`)
    }
  }
}

export function requireStrings(object: KubeObject, field: string): void {
  for (const value of Object.values(docAt(object, field))) {
    if (typeof value !== 'string' && value !== null) throw notA(object, field, value, 'string')
  }
}

function notA(object: KubeObject, field: string, value: unknown, wanted: string) {
  const given = Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value
  const message = `json: cannot unmarshal ${given} into Go struct field ${object.kind}.${field} of type ${wanted}`
  return cannotBeHandled(object, message)
}

function cannotBeHandled(object: KubeObject, why: string) {
  const version = object.apiVersion.replace(/^.*\//, '')
  return badRequest(`${object.kind} in version "${version}" cannot be handled as a ${object.kind}: ${why}`)
}

/** Go skips line ends within base64 and wants the padding: RFC 4648 section 4. */
function firstIllegalByte(text: string): number | undefined {
  if (/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)) return undefined
  const plain = text.replace(/[\r\n]/g, '')
  if (plain !== text) return firstIllegalByte(plain)
  const legal = /^[A-Za-z0-9+/]*/.exec(text)?.[0].length ?? 0
  const place = legal % 4
  if (legal === text.length) return legal - place
  if (text[legal] !== '=' || place < 2) return legal
  const padded = legal + (4 - place)
  if (/^=+$/.test(text.slice(legal, padded))) return Math.min(padded, text.length)
  return legal + 1
}

/** The decoded length, without decoding. */
export function base64Length(text: string): number {
  const plain = /[\r\n]/.test(text) ? text.replace(/[\r\n]/g, '') : text
  const padding = plain.endsWith('==') ? 2 : plain.endsWith('=') ? 1 : 0
  return (plain.length / 4) * 3 - padding
}
