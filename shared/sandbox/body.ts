import { jsYaml } from '#js-yaml'
import { duplicateFields } from './duplicates.ts'
import { type Doc, isDoc } from './json.ts'
import { decodeProtobuf, PROTOBUF } from './protobuf/decode.ts'
import { badRequest, unsupportedMediaType } from './status-errors.ts'

const JSON_TYPE = 'application/json'
const YAML_TYPES = new Set(['application/yaml', 'application/apply-patch+yaml'])

/** What a body says, and the fields that it says twice. */
export interface Parsed {
  value: unknown
  duplicates: string[]
}

/** A body by its content type; `also` are the types that the endpoint takes besides JSON and YAML. */
export function parseBody(body: Buffer, contentType: string, also: readonly string[] = []): Parsed {
  const type = mediaType(contentType)
  if (type === PROTOBUF) return parseProtobuf(body)
  if (type !== JSON_TYPE && type !== '' && !YAML_TYPES.has(type) && !also.includes(type)) {
    throw unsupportedMediaType([JSON_TYPE, 'application/yaml', ...also])
  }
  const text = body.toString('utf8')
  return YAML_TYPES.has(type) ? parseYaml(text) : parseJson(text)
}

export function mediaType(contentType: string): string {
  return (contentType.split(';')[0] ?? '').trim().toLowerCase()
}

export function requireDoc(value: unknown): Doc {
  if (isDoc(value)) return value
  throw badRequest('the object provided is unrecognized: not a JSON object')
}

function parseJson(text: string): Parsed {
  try {
    return { value: JSON.parse(text), duplicates: duplicateFields(text) }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    // The parser's own words show a piece of the body, which may be a secret.
    throw badRequest("the object provided is unrecognized: couldn't get version/kind; json parse error")
  }
}

function parseProtobuf(body: Buffer): Parsed {
  try {
    const value = decodeProtobuf(body)
    if (value === undefined) throw unsupportedMediaType([JSON_TYPE, 'application/yaml'])
    return { value, duplicates: [] }
  } catch (error) {
    if (error instanceof RangeError) throw badRequest('the body is not Kubernetes protobuf')
    throw error
  }
}

function parseYaml(text: string): Parsed {
  try {
    return { value: JSON.parse(text), duplicates: duplicateFields(text) }
  } catch {
    return parsePlainYaml(text)
  }
}

function parsePlainYaml(text: string): Parsed {
  try {
    return { value: jsYaml().load(text), duplicates: [] }
  } catch {
    throw badRequest('error decoding YAML: the body is not one document of valid YAML')
  }
}
