import { describe, expect, test } from 'vitest'
import {
  type ApiError,
  isAlreadyExists,
  isConflict,
  isForbidden,
  isGone,
  isInvalid,
  isNotFound,
  isRetryable,
  NetworkError,
} from '../../../../shared/kube/errors.ts'
import { statusCode, toApiError } from '../../../../shared/kube/status.ts'

const CANARY = 'canary-7f3a'

function errorOf(code: number, reason?: string): ApiError {
  return toApiError('get secrets team/db', code, { kind: 'Status', reason })
}

describe('what kind of error it is', () => {
  const kinds = { isNotFound, isForbidden, isConflict, isAlreadyExists, isGone, isInvalid, isRetryable }
  const table: [number, string, string[]][] = [
    [400, 'BadRequest', []],
    [401, 'Unauthorized', []],
    [403, 'Forbidden', ['isForbidden']],
    [404, 'NotFound', ['isNotFound']],
    [408, 'Timeout', ['isRetryable']],
    [409, 'Conflict', ['isConflict']],
    [409, 'AlreadyExists', ['isAlreadyExists']],
    [410, 'Expired', ['isGone']],
    [422, 'Invalid', ['isInvalid']],
    [429, 'TooManyRequests', ['isRetryable']],
    [500, 'InternalError', ['isRetryable']],
    [503, 'ServiceUnavailable', ['isRetryable']],
    [504, 'Timeout', ['isRetryable']],
  ]
  test.each(table)('%i %s', (code, reason, expected) => {
    const is = Object.entries(kinds).filter(([, matches]) => matches(errorOf(code, reason)))
    expect(is.map(([name]) => name)).toEqual(expected)
  })

  test('a broken network is retryable, our own bug is not', () => {
    expect(isRetryable(new NetworkError('get', 'ECONNRESET'))).toBe(true)
    expect(isRetryable(new TypeError('bug'))).toBe(false)
    expect(isNotFound(undefined)).toBe(false)
  })
})

describe('an ApiError says', () => {
  test('what was asked, the code and the reason', () => {
    const error = errorOf(404, 'NotFound')
    expect(error.message).toBe('get secrets team/db: 404 NotFound')
    expect(error).toMatchObject({
      name: 'ApiError',
      status: 404,
      reason: 'NotFound',
      details: { causes: [] },
    })
    expect(error).toBeInstanceOf(Error)
  })

  test('a reason even when the answer is no Status', () => {
    expect(toApiError('get /', 502, '<html>').reason).toBe('Unknown')
    expect(toApiError('get /', 503, undefined).reason).toBe('ServiceUnavailable')
    expect(toApiError('get /', 403, null).reason).toBe('Forbidden')
  })

  test('which fields are wrong, without their values', () => {
    const error = toApiError('create secrets team/db', 422, {
      reason: 'Invalid',
      message: `Secret "db" is invalid: data[password]: Invalid value: "${CANARY}": too bad`,
      details: {
        name: 'db',
        causes: [
          { reason: 'FieldValueInvalid', message: `Invalid value: "${CANARY}"`, field: 'data[password]' },
          { reason: 'FieldValueForbidden', message: CANARY, field: '' },
        ],
      },
    })
    expect(error.message).toBe(
      'create secrets team/db: 422 Invalid (data[password]: FieldValueInvalid, FieldValueForbidden)',
    )
    expect(error.details.causes).toEqual([
      { field: 'data[password]', reason: 'FieldValueInvalid' },
      { field: '', reason: 'FieldValueForbidden' },
    ])
  })

  test('which webhook refused, without its words', () => {
    const error = toApiError('create secrets team/db', 403, {
      reason: 'Forbidden',
      message: `admission webhook "policy.example.com" denied the request: ${CANARY}`,
    })
    expect(error.message).toBe('create secrets team/db: 403 Forbidden (admission webhook policy.example.com)')
  })
})

// Nothing that a server, a webhook or a proxy writes in free text may travel on with the error.
test.each([
  ['message', { message: CANARY }],
  ['base64 error', { message: `illegal base64 data at input byte 4: ${CANARY}`, reason: 'BadRequest' }],
  ['reason with a value', { reason: `Invalid ${CANARY}` }],
  ['field with a value', { details: { causes: [{ field: `data: "${CANARY}"`, reason: 'X' }] } }],
  ['cause reason with a value', { details: { causes: [{ field: 'data', reason: `"${CANARY}"` }] } }],
  ['webhook name with a value', { message: `admission webhook "a b ${CANARY}" denied the request` }],
  ['webhook in the middle', { message: `x admission webhook "${CANARY}" denied the request` }],
  ['details', { details: { name: CANARY, kind: CANARY, causes: CANARY } }],
  ['text instead of a Status', CANARY],
  ['list instead of a Status', [CANARY]],
])('no value gets into an error: %s', (_, status) => {
  const error = toApiError('create secrets team/db', 422, status)
  const everything = [error.message, error.stack, JSON.stringify(error), String(error.cause)].join()
  expect(everything).not.toContain(CANARY)
})

describe('when to come back', () => {
  test.each([
    ['seconds', '7', {}, 7000],
    ['the Status, without a header', undefined, { details: { retryAfterSeconds: 3 } }, 3000],
    ['the header first', '1', { details: { retryAfterSeconds: 3 } }, 1000],
    ['nonsense', 'soon', {}, undefined],
    ['nothing', undefined, {}, undefined],
    ['zero', '0', {}, undefined],
  ])('%s', (_, header, status, expected) => {
    expect(toApiError('get', 429, status, header).retryAfterMs).toBe(expected)
  })

  test('a date', () => {
    const inAMinute = new Date(Date.now() + 60_000).toUTCString()
    const ms = toApiError('get', 503, {}, inAMinute).retryAfterMs ?? 0
    expect(ms).toBeGreaterThan(55_000)
    expect(ms).toBeLessThanOrEqual(60_000)
  })
})

test('the code of an ERROR event is in its Status', () => {
  expect(statusCode({ code: 410 })).toBe(410)
  expect(statusCode('?')).toBe(500)
})
