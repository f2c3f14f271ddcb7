/** One refused field, worded as k8s.io/apimachinery's field errors are. */
export interface FieldError {
  type: FieldErrorType
  field: string
  /** What was sent; left out where the message must not repeat it. */
  value?: unknown
  detail?: string
}

type FieldErrorType =
  | 'FieldValueNotFound'
  | 'FieldValueRequired'
  | 'FieldValueDuplicate'
  | 'FieldValueInvalid'
  | 'FieldValueNotSupported'
  | 'FieldValueForbidden'
  | 'FieldValueTooLong'
  | 'FieldValueTooMany'
  | 'FieldValueTypeInvalid'

const WORDS: Record<FieldErrorType, string> = {
  FieldValueNotFound: 'Not found',
  FieldValueRequired: 'Required value',
  FieldValueDuplicate: 'Duplicate value',
  FieldValueInvalid: 'Invalid value',
  FieldValueNotSupported: 'Unsupported value',
  FieldValueForbidden: 'Forbidden',
  FieldValueTooLong: 'Too long',
  FieldValueTooMany: 'Too many',
  FieldValueTypeInvalid: 'Invalid value',
}
const WITHOUT_VALUE = new Set<FieldErrorType>([
  'FieldValueRequired',
  'FieldValueForbidden',
  'FieldValueTooLong',
])

/** The message of a cause: everything but the field's name. */
export function errorBody({ type, value, detail }: FieldError): string {
  const shown = WITHOUT_VALUE.has(type) ? WORDS[type] : `${WORDS[type]}: ${JSON.stringify(value ?? null)}`
  return detail === undefined || detail === '' ? shown : `${shown}: ${detail}`
}

export function required(field: string, detail?: string): FieldError {
  return { type: 'FieldValueRequired', field, ...(detail === undefined ? {} : { detail }) }
}

export function invalidValue(field: string, value: unknown, detail: string): FieldError {
  return { type: 'FieldValueInvalid', field, value, detail }
}

export function immutable(field: string, value: unknown): FieldError {
  return invalidValue(field, value, 'field is immutable')
}

export function forbiddenField(field: string, detail: string): FieldError {
  return { type: 'FieldValueForbidden', field, detail }
}

export function tooLong(field: string, bytes: number): FieldError {
  const unit = bytes === 1 ? 'byte' : 'bytes'
  return { type: 'FieldValueTooLong', field, detail: `may not be more than ${bytes} ${unit}` }
}

export function tooMany(field: string, actual: number, most: number): FieldError {
  const detail = `must have at most ${most} ${most === 1 ? 'item' : 'items'}`
  return { type: 'FieldValueTooMany', field, value: actual, detail }
}

export function duplicate(field: string, value: unknown): FieldError {
  return { type: 'FieldValueDuplicate', field, value }
}

export function notSupported(field: string, value: unknown, allowed: readonly unknown[]): FieldError {
  const list = allowed.map((one) => JSON.stringify(typeof one === 'string' ? one : JSON.stringify(one)))
  const detail = `supported values: ${list.join(', ')}`
  return { type: 'FieldValueNotSupported', field, value, detail }
}

export function typeInvalid(field: string, given: string, wanted: string): FieldError {
  const detail = `${field} in body must be of type ${wanted}: ${JSON.stringify(given)}`
  return { type: 'FieldValueTypeInvalid', field, value: given, detail }
}
