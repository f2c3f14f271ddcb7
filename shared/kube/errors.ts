/**
 * What can go wrong between us and an API server, as types.
 *
 * A server's own sentences never get into these errors. About Secrets they quote what was sent ("Invalid value: …",
 * "illegal base64 data …", an admission webhook's free text), and an error travels far: logs, events, conditions,
 * terminals. Kept are the code, the reason, the names of fields with the reason for each, and what we had asked for.
 */

export interface FieldCause {
  /** A path such as `data[password]`: names only. */
  field: string
  reason: string
}

export interface ApiErrorDetails {
  causes: FieldCause[]
  /** The admission webhook that refused; its words are dropped like all others. */
  webhook?: string
}

/** An answer of the server that says no: 300 and above, or an ERROR event of a watch. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly status: number
  readonly reason: string
  readonly details: ApiErrorDetails
  readonly retryAfterMs?: number

  constructor(what: string, status: number, reason: string, details: ApiErrorDetails, retryAfterMs?: number) {
    super(`${what}: ${status} ${reason}${describe(details)}`)
    this.status = status
    this.reason = reason
    this.details = details
    if (retryAfterMs !== undefined) this.retryAfterMs = retryAfterMs
  }
}

/** No answer, or none that can be read: refused, reset, timed out, cut short, not JSON. */
export class NetworkError extends Error {
  override readonly name = 'NetworkError'
  /** Node's code (`ECONNRESET`, `ETIMEDOUT`, `CERT_HAS_EXPIRED`, …), or ours: `EBADBODY`, `EBODYTOOLARGE`. */
  readonly code: string

  // Not `cause`: Node's parse errors carry the raw bytes of the answer, and loggers print what an error carries.
  constructor(what: string, code: string, explanation = '') {
    super(`${what}: ${code}${explanation === '' ? '' : ` (${explanation})`}`)
    this.code = code
  }
}

/** The kubeconfig, or the place in the cluster, does not tell how to reach a server. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

/** Answers with this status mean "ask again later", whoever is asked. */
const LATER = new Set([408, 429, 500, 502, 503, 504])

function isApiError(error: unknown, status: number): error is ApiError {
  return error instanceof ApiError && error.status === status
}

export function isNotFound(error: unknown): error is ApiError {
  return isApiError(error, 404)
}

/** The answer; undefined if what was asked for is not there. */
export async function unlessGone<T>(request: Promise<T>): Promise<T | undefined> {
  try {
    return await request
  } catch (error) {
    if (isNotFound(error)) return undefined
    throw error
  }
}

export function isForbidden(error: unknown): error is ApiError {
  return isApiError(error, 403)
}

/** 409 in its two meanings: the object moved on (observe again), or … */
export function isConflict(error: unknown): error is ApiError {
  return isApiError(error, 409) && error.reason !== 'AlreadyExists'
}

/** … the name is taken. */
export function isAlreadyExists(error: unknown): error is ApiError {
  return isApiError(error, 409) && error.reason === 'AlreadyExists'
}

/** The server does not take what was asked of it. */
export function isInvalid(error: unknown): error is ApiError {
  return isApiError(error, 422)
}

/** The resourceVersion or continue token is too old: list again. */
export function isGone(error: unknown): error is ApiError {
  return isApiError(error, 410)
}

/** The same call may succeed later though nobody changes anything. */
export function isRetryable(error: unknown): boolean {
  return error instanceof NetworkError || (error instanceof ApiError && LATER.has(error.status))
}

/** No answer, or one that would meet any request now: later, or not with these credentials. */
export function isUnanswered(error: unknown): boolean {
  return isRetryable(error) || isApiError(error, 401) || error instanceof ConfigError
}

function describe(details: ApiErrorDetails): string {
  const parts = details.causes.map(({ field, reason }) => (field === '' ? reason : `${field}: ${reason}`))
  if (details.webhook !== undefined) parts.unshift(`admission webhook ${details.webhook}`)
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`
}
