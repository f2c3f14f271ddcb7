import type { FieldError } from './field-errors.ts'
import { errorBody } from './field-errors.ts'
import { type GroupResource, qualified } from './objects.ts'

/**
 * Status, the body of every refusal, in the words of the real server.
 * https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/
 */
export interface Status {
  kind: 'Status'
  apiVersion: 'v1'
  metadata: { continue?: string }
  status: 'Success' | 'Failure'
  message?: string
  reason?: string
  details?: StatusDetails
  /** Missing in the one that says a deletion is done. */
  code?: number
}

export interface StatusDetails {
  name?: string
  group?: string
  kind?: string
  uid?: string
  causes?: StatusCause[]
  retryAfterSeconds?: number
}

export interface StatusCause {
  reason?: string
  message?: string
  field?: string
}

/** Thrown by the protocol code, and turned into an answer in one place (handle.ts). */
export class StatusError extends Error {
  override readonly name = 'StatusError'
  readonly status: Status

  constructor(code: number, reason: string, message: string, details?: StatusDetails) {
    super(message)
    this.status = failure(code, reason, message, details)
  }
}

export function failure(code: number, reason: string, message: string, details?: StatusDetails): Status {
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    ...(reason === '' ? {} : { reason }),
    ...(details === undefined ? {} : { details }),
    code,
  }
}

export function success(details: StatusDetails): Status {
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details }
}

export function detailsOf(resource: GroupResource, name: string): StatusDetails {
  return {
    ...(name === '' ? {} : { name }),
    ...(resource.group === '' ? {} : { group: resource.group }),
    kind: resource.plural,
  }
}

export function notFound(resource: GroupResource, name: string): StatusError {
  const message = `${qualified(resource)} "${name}" not found`
  return new StatusError(404, 'NotFound', message, detailsOf(resource, name))
}

export function alreadyExists(resource: GroupResource, name: string): StatusError {
  const message = `${qualified(resource)} "${name}" already exists`
  return new StatusError(409, 'AlreadyExists', message, detailsOf(resource, name))
}

export function conflict(resource: GroupResource, name: string, why: string): StatusError {
  const message = `Operation cannot be fulfilled on ${qualified(resource)} "${name}": ${why}`
  return new StatusError(409, 'Conflict', message, detailsOf(resource, name))
}

/** The object moved on since the writer read it. */
export function staleVersion(resource: GroupResource, name: string): StatusError {
  const why = 'the object has been modified; please apply your changes to the latest version and try again'
  return conflict(resource, name, why)
}

export function badRequest(message: string): StatusError {
  return new StatusError(400, 'BadRequest', message)
}

export function forbidden(
  resource: GroupResource,
  name: string,
  why: string,
  causes?: StatusCause[],
): StatusError {
  const message = `${qualified(resource)} "${name}" is forbidden: ${why}`
  const details = { ...detailsOf(resource, name), ...(causes === undefined ? {} : { causes }) }
  return new StatusError(403, 'Forbidden', message, details)
}

/** 422 with one cause per field; `kind` is the type's kind, not its plural. */
export function invalid(
  { group, kind }: { group: string; kind: string },
  name: string,
  errors: readonly FieldError[],
): StatusError {
  const lines = [...new Set(errors.map((error) => `${error.field}: ${errorBody(error)}`))]
  const list = lines.length === 1 ? lines[0] : `[${lines.join(', ')}]`
  const message = `${group === '' ? kind : `${kind}.${group}`} "${name}" is invalid: ${list}`
  const causes = errors.map((error) => ({
    reason: error.type,
    message: errorBody(error),
    field: error.field,
  }))
  return new StatusError(422, 'Invalid', message, {
    ...(name === '' ? {} : { name }),
    ...(group === '' ? {} : { group }),
    kind,
    causes,
  })
}

export function unauthorized(): StatusError {
  return new StatusError(401, 'Unauthorized', 'Unauthorized')
}

export function expired(message: string): StatusError {
  return new StatusError(410, 'Expired', message)
}

export function methodNotAllowed(): StatusError {
  const message = 'the server does not allow this method on the requested resource'
  return new StatusError(405, 'MethodNotAllowed', message, {})
}

export function noSuchPath(): StatusError {
  return new StatusError(404, 'NotFound', 'the server could not find the requested resource', {})
}

export function unsupportedMediaType(accepted: readonly string[]): StatusError {
  const message = `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`
  return new StatusError(415, 'UnsupportedMediaType', message)
}

export function notAcceptable(accepted: readonly string[]): StatusError {
  const message = `406: Not Acceptable\n\nAvailable representations: ${accepted.join(', ')}`
  return new StatusError(406, 'NotAcceptable', message, {})
}

export function tooLarge(limit: number): StatusError {
  const message = `Request entity too large: limit is ${limit}`
  return new StatusError(413, 'RequestEntityTooLarge', message)
}

export function internalError(message: string): StatusError {
  const details = { causes: [{ message }] }
  return new StatusError(500, 'InternalError', `Internal error occurred: ${message}`, details)
}
