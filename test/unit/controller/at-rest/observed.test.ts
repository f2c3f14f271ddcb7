import { expect, test } from 'vitest'
import { observedProviders } from '../../../../controller/keys/at-rest/observed.ts'
import { AtRestError, type Provider } from '../../../../controller/keys/at-rest/provider.ts'

const wrapped = { bytes: new Uint8Array(), by: { provider: 'kms-v2', keyId: 'k', annotations: {} } } as const

function provider(fails: () => void): Provider {
  return {
    form: 'kms',
    what: 'the KMS',
    opens: () => true,
    async wrap() {
      fails()
      return wrapped
    },
    async unwrap() {
      fails()
      return new Uint8Array(32)
    },
    async newest() {
      fails()
      return () => true
    },
    close: () => undefined,
  }
}

function world() {
  const told: string[] = []
  let failure: unknown
  const kms = provider(() => {
    if (failure) throw failure
  })
  const other = provider(() => undefined)
  const { target, all } = observedProviders({ target: kms, all: [other, kms] }, (call) => {
    told.push(`${call.provider} ${call.operation}`)
    return (result) => told.push(result)
  })
  return {
    told,
    target,
    all,
    fail(error: unknown) {
      failure = error
    },
  }
}

test('the target stays the one of all that it was', () => {
  const { target, all } = world()
  expect(target).toBe(all[1])
  expect(observedProviders({ all: [] }, () => () => undefined)).toEqual({ all: [] })
})

test('each call is told of, with its result', async () => {
  const { told, target, fail } = world()
  if (!target) throw new Error('no target')
  expect(await target.wrap(new Uint8Array(32), 'wx')).toBe(wrapped)
  expect(await target.unwrap(wrapped, 'wx')).toHaveLength(32)
  expect((await target.newest())(wrapped.by)).toBe(true)
  for (const error of [
    new AtRestError('unavailable', ''),
    new AtRestError('refused', ''),
    new Error('bug'),
  ]) {
    fail(error)
    await expect(target.newest()).rejects.toBe(error)
  }
  expect(told).toEqual([
    ...['kms wrap', 'ok', 'kms unwrap', 'ok', 'kms newest', 'ok'],
    ...['kms newest', 'unavailable', 'kms newest', 'refused', 'kms newest', 'error'],
  ])
})
