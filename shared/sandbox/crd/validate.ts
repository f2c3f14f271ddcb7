import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv'
import {
  type FieldError,
  invalidValue,
  notSupported,
  required,
  tooLong,
  tooMany,
  typeInvalid,
} from '../field-errors.ts'
import type { CustomSchema } from './custom-schema.ts'
import { listErrors } from './list-errors.ts'
import { FORMATS, toJsonSchema } from './to-json-schema.ts'

/** Validation by a structural schema: ajv finds what is wrong, and it is said in the real server's words. */

const compiled = new WeakMap<CustomSchema, ValidateFunction>()

export function schemaErrors(object: unknown, schema: CustomSchema): FieldError[] {
  const validate = compiled.get(schema) ?? compile(schema)
  compiled.set(schema, validate)
  const errors = validate(object) ? [] : (validate.errors ?? []).flatMap((error) => toFieldError(error))
  return [...errors, ...listErrors(object, schema, '')]
}

function compile(schema: CustomSchema): ValidateFunction {
  // Patterns are RE2 in Kubernetes: closer to JavaScript's without the u flag, which refuses harmless escapes.
  const ajv = new Ajv({
    allErrors: true,
    verbose: true,
    strict: false,
    unicodeRegExp: false,
    formats: FORMATS,
  })
  return ajv.compile(toJsonSchema(schema))
}

/** `/spec/envelopes/0/id` as `spec.envelopes[0].id`. */
function fieldOf(instancePath: string): string {
  return instancePath
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce(
      (path, part) => (/^\d+$/.test(part) ? `${path}[${part}]` : path === '' ? part : `${path}.${part}`),
      '',
    )
}

function toFieldError(error: ErrorObject): FieldError[] {
  const field = fieldOf(error.instancePath)
  const { data, params } = error
  const bad = (words: string) => [invalidValue(field, data, `${field} in body ${words}`)]
  switch (error.keyword) {
    case 'required':
      return [required(field === '' ? params.missingProperty : `${field}.${params.missingProperty}`)]
    case 'enum':
      return [notSupported(field, data, params.allowedValues)]
    case 'type':
      return [
        typeInvalid(
          field,
          typeName(data),
          [params.type]
            .flat()
            .filter((type) => type !== 'null')
            .join(','),
        ),
      ]
    case 'maxLength':
      return [tooLong(field, params.limit)]
    case 'maxItems':
      return [tooMany(field, (data as unknown[]).length, params.limit)]
    case 'maxProperties':
      return [tooMany(field, Object.keys(data as object).length, params.limit)]
    case 'minLength':
      return bad(`should be at least ${params.limit} chars long`)
    case 'minItems':
      return bad(`should have at least ${params.limit} items`)
    case 'minProperties':
      return bad(`should have at least ${params.limit} properties`)
    case 'pattern':
      return bad(`should match '${params.pattern}'`)
    case 'format':
      return bad(`must be of type ${params.format}: ${JSON.stringify(data)}`)
    case 'minimum':
      return bad(`should be greater than or equal to ${params.limit}`)
    case 'maximum':
      return bad(`should be less than or equal to ${params.limit}`)
    case 'exclusiveMinimum':
      return bad(`should be greater than ${params.limit}`)
    case 'exclusiveMaximum':
      return bad(`should be less than ${params.limit}`)
    case 'uniqueItems':
      return bad("shouldn't contain duplicates")
    default:
      return bad(`must satisfy ${error.keyword}`)
  }
}

function typeName(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number'
  return typeof value
}
