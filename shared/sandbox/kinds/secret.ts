import { type FieldError, immutable, invalidValue, required, tooLong } from '../field-errors.ts'
import { docAt, isDoc, textAt, without } from '../json.ts'
import type { KubeObject } from '../objects.ts'
import type { Rules } from '../resources/types.ts'
import {
  base64Length,
  immutableErrors,
  keyErrors,
  MAX_DATA_BYTES,
  requireBase64,
  requireStrings,
} from './data.ts'

/** https://kubernetes.io/docs/concepts/configuration/secret/ */
export const secretRules: Rules = {
  decode(object) {
    requireBase64(object, 'data')
    requireStrings(object, 'stringData')
  },
  prepare(object, old) {
    const merged = withStringData(object)
    const type = textAt(merged, 'type') || textAt(old, 'type') || 'Opaque'
    return merged.type === type ? merged : { ...merged, type }
  },
  validate(object, old) {
    return [...(old === undefined ? [] : updateErrors(object, old)), ...errorsOf(object)]
  },
}

/** stringData is for writing only: it goes into data, winning over the same key there. */
function withStringData(object: KubeObject): KubeObject {
  if (!('stringData' in object)) return object
  const added = Object.entries(docAt(object, 'stringData')).map(([key, text]) => {
    return [key, Buffer.from(typeof text === 'string' ? text : '').toString('base64')] as const
  })
  const rest = without(object, 'stringData') as KubeObject
  if (added.length === 0) return rest
  return { ...rest, data: { ...docAt(object, 'data'), ...Object.fromEntries(added) } }
}

function updateErrors(object: KubeObject, old: KubeObject): FieldError[] {
  const type = textAt(object, 'type')
  const moved = type === textAt(old, 'type') ? [] : [immutable('type', type)]
  return [...moved, ...immutableErrors(object, old, ['data'])]
}

function errorsOf(object: KubeObject): FieldError[] {
  const data = docAt(object, 'data')
  const bytes = Object.values(data).reduce<number>((sum, value) => sum + base64Length(String(value ?? '')), 0)
  return [
    ...keyErrors('data', Object.keys(data)),
    ...(bytes > MAX_DATA_BYTES ? [tooLong('data', MAX_DATA_BYTES)] : []),
    ...typeErrors(object),
  ]
}

const CONTENT: Record<string, readonly string[]> = {
  'kubernetes.io/tls': ['tls.crt', 'tls.key'],
  'kubernetes.io/ssh-auth': ['ssh-privatekey'],
  'kubernetes.io/dockercfg': ['.dockercfg'],
  'kubernetes.io/dockerconfigjson': ['.dockerconfigjson'],
}

/** The little that the server asks of the content of well-known types. */
function typeErrors(object: KubeObject): FieldError[] {
  const type = textAt(object, 'type')
  const data = docAt(object, 'data')
  if (type === 'kubernetes.io/service-account-token') {
    const annotation = 'kubernetes.io/service-account.name'
    const missing = textAt(object, 'metadata', 'annotations', annotation) === ''
    return missing ? [required(`metadata.annotations[${annotation}]`)] : []
  }
  if (type === 'kubernetes.io/basic-auth') {
    const keys = ['username', 'password']
    return keys.some((key) => key in data) ? [] : keys.map((key) => required(`data[${key}]`))
  }
  const keys = CONTENT[type] ?? []
  const missing = keys.filter((key) => !(key in data) || (key === 'ssh-privatekey' && data[key] === ''))
  if (missing.length > 0) return missing.map((key) => required(`data[${key}]`))
  return keys
    .filter((key) => key.startsWith('.docker') && !isJson(String(data[key])))
    .map((key) => {
      return invalidValue(`data[${key}]`, '<secret contents redacted>', 'not a JSON object')
    })
}

function isJson(base64: string): boolean {
  try {
    return isDoc(JSON.parse(Buffer.from(base64, 'base64').toString()))
  } catch {
    return false
  }
}
