import { describe, expect, test } from 'vitest'
import { brokenRules, conditionOf } from '../../../controller/reconcile/conditions.ts'
import { failureStatus, isTerminating } from '../../../controller/reconcile/failure.ts'
import { ApiError, NetworkError } from '../../../shared/kube/errors.ts'
import { NOW, sealedObject, syncedStatus } from './builders.ts'

const api = (status: number, reason: string, causes: { field: string; reason: string }[] = []) =>
  new ApiError('create secrets shop/db', status, reason, { causes })

describe('a failed request', () => {
  test('is nobody else’s business until it has repeated', () => {
    const error = new NetworkError('create secrets shop/db', 'ECONNRESET')
    expect(failureStatus(sealedObject(), error, 1, NOW)).toBeUndefined()
    expect(failureStatus(sealedObject(), error, 2, NOW)).toBeUndefined()
    expect(failureStatus(sealedObject(), error, 3, NOW)).toBeDefined()
  })

  test.each([
    [new NetworkError('create secrets shop/db', 'ECONNRESET'), 'RequestFailed'],
    [api(500, 'InternalError'), 'RequestFailed'],
    [api(403, 'Forbidden'), 'Forbidden'],
    [api(422, 'Invalid', [{ field: 'data[tls.crt]', reason: 'FieldValueRequired' }]), 'SecretRefused'],
  ])('%s is Reconciling, and says what was asked and refused', (error, reason) => {
    const status = failureStatus(sealedObject(syncedStatus(1)), error, 3, NOW)
    expect(status && brokenRules(status)).toEqual([])
    expect(conditionOf(status, 'Reconciling')).toMatchObject({
      status: 'True',
      reason,
      message: error.message,
    })
    expect(conditionOf(status, 'Ready')?.status).toBe('False')
    expect(status?.secret).toEqual(syncedStatus().secret)
  })

  test('is told once, whatever its words become', () => {
    const first = failureStatus(sealedObject(), new NetworkError('x', 'ECONNRESET'), 3, NOW)
    const told = sealedObject(first)
    expect(failureStatus(told, new NetworkError('x', 'ETIMEDOUT'), 4, NOW)).toBeUndefined()
    expect(failureStatus(told, api(403, 'Forbidden'), 5, NOW)).toBeDefined()
    expect(
      failureStatus(sealedObject(first, { generation: 3 }), new NetworkError('x', 'E'), 3, NOW),
    ).toBeDefined()
  })

  test('in a namespace that is going is the end of it', () => {
    const cause = { field: 'metadata.namespace', reason: 'NamespaceTerminating' }
    expect(isTerminating(api(403, 'Forbidden', [cause]))).toBe(true)
    expect(isTerminating(api(403, 'Forbidden'))).toBe(false)
    expect(isTerminating(new Error('x'))).toBe(false)
  })
})
