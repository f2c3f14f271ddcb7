import { ApiError, type ApiErrorDetails, type FieldCause } from './errors.ts'

/**
 * Reads the server's Status object into an ApiError: meta/v1 Status, with the reasons of
 * https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/.
 * Everything taken over is checked for its shape, because a server in between can put any text anywhere.
 */

/** For answers that are no Status: a proxy's HTML page, a service behind the API server. */
const REASONS: Record<number, string> = {
  400: 'BadRequest',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  405: 'MethodNotAllowed',
  406: 'NotAcceptable',
  409: 'Conflict',
  410: 'Gone',
  413: 'RequestEntityTooLarge',
  415: 'UnsupportedMediaType',
  422: 'Invalid',
  429: 'TooManyRequests',
  500: 'InternalError',
  503: 'ServiceUnavailable',
  504: 'Timeout',
}
const MAX_CAUSES = 8
const WORD = /^[A-Za-z]{1,64}$/
const FIELD = /^[\w.\-/$[\]]{1,200}$/
const WEBHOOK = /^admission webhook "([a-z0-9][a-z0-9.-]{0,252})" denied the request/

/** `status` may be anything the server sent, parsed or not; `retryAfter` is the header. */
export function toApiError(what: string, code: number, status: unknown, retryAfter?: string): ApiError {
  const body = record(status)
  const details = record(body.details)
  const reason =
    typeof body.reason === 'string' && WORD.test(body.reason) ? body.reason : (REASONS[code] ?? 'Unknown')
  return new ApiError(
    what,
    code,
    reason,
    readDetails(body.message, details.causes),
    readRetryAfter(retryAfter) ?? readRetryAfter(details.retryAfterSeconds),
  )
}

/** The code inside a Status, as an ERROR event of a watch carries it. */
export function statusCode(status: unknown): number {
  const { code } = record(status)
  return typeof code === 'number' ? code : 500
}

function readDetails(message: unknown, causes: unknown): ApiErrorDetails {
  const details: ApiErrorDetails = {
    causes: Array.isArray(causes) ? causes.slice(0, MAX_CAUSES).map(readCause) : [],
  }
  const webhook = typeof message === 'string' ? WEBHOOK.exec(message)?.[1] : undefined
  if (webhook !== undefined) details.webhook = webhook
  return details
}

function readCause(cause: unknown): FieldCause {
  const { field, reason } = record(cause)
  return {
    field: typeof field === 'string' && FIELD.test(field) ? field : '',
    reason: typeof reason === 'string' && WORD.test(reason) ? reason : 'Unknown',
  }
}

/** Seconds or a date, RFC 9110 section 10.2.3. */
function readRetryAfter(value: unknown): number | undefined {
  if (value === undefined || value === null || value === '') return undefined
  const seconds = Number(value)
  const ms = Number.isNaN(seconds) ? Date.parse(String(value)) - Date.now() : seconds * 1000
  return Number.isFinite(ms) && ms > 0 ? ms : undefined
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}
