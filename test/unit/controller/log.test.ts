import { describe, expect, test } from 'vitest'
import { describeError } from '../../../controller/log.ts'
import { SealError } from '../../../shared/errors.ts'
import { ApiError, NetworkError } from '../../../shared/kube/errors.ts'
import { canary, expectNoCanary } from '../../support/canary.ts'

describe('an error in the log', () => {
  test('is its name, code and message', () => {
    expect(describeError(new NetworkError('get secrets a/b', 'ECONNRESET'))).toEqual({
      name: 'NetworkError',
      code: 'ECONNRESET',
      message: 'get secrets a/b: ECONNRESET',
    })
    expect(describeError(new ApiError('get secrets a/b', 403, 'Forbidden', { causes: [] }))).toEqual({
      name: 'ApiError',
      message: 'get secrets a/b: 403 Forbidden',
    })
    expect(describeError(new SealError('no-key', 'words'))).toEqual({
      name: 'SealError',
      code: 'no-key',
      message: 'words',
    })
  })

  test('of ours has a stack', () => {
    expect(describeError(new TypeError('x is not a function')).stack).toContain('log.test.ts')
  })

  test('brings none of its other fields, nor its cause', () => {
    const secret = canary()
    const error = Object.assign(new Error('m', { cause: new Error(secret.text) }), {
      rawPacket: Buffer.from(secret.bytes),
      body: secret.text,
      code: 'HPE_INVALID',
    })
    expectNoCanary(JSON.stringify(describeError(error)))
    expectNoCanary(JSON.stringify(describeError(secret.text)))
  })
})
