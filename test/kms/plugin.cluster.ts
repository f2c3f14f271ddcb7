import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { connectKms } from '../../controller/keys/at-rest/kms/client.ts'
import { kmsProvider } from '../../controller/keys/at-rest/kms/provider.ts'
import type { Provider } from '../../controller/keys/at-rest/provider.ts'
import { until } from '../support/programs.ts'
import { type KmsPlugin, startKmsPlugin } from './plugin.ts'

// Our side of the KMS v2 protocol against the API server's own library, over a socket.

const seed = new Uint8Array(32).map((_, i) => i)
let plugin: KmsPlugin
let kms: Provider

beforeAll(async () => {
  plugin = await startKmsPlugin()
  kms = kmsProvider(plugin.address, async (what) => connectKms(plugin.address, what))
}, 10 * 60_000)
afterAll(async () => {
  kms?.close()
  await plugin?.remove()
})
beforeEach(() => plugin.behave())

test('what it wraps it opens, with the annotations that it gave', async () => {
  const wrapped = await kms.wrap(seed, 'wx')
  expect(wrapped.by).toMatchObject({ provider: 'kms-v2', keyId: 'key-1' })
  expect(await kms.unwrap(wrapped, 'wx')).toEqual(seed)
  const bare = { ...wrapped, by: { ...wrapped.by, annotations: {} } as typeof wrapped.by }
  await expect(kms.unwrap(bare, 'wx')).rejects.toMatchObject({
    code: 'refused',
    message: `the KMS at ${plugin.address} says no (Decrypt: INVALID_ARGUMENT)`,
  })
})

test('a new key is noticed, and the old one still opens until it is gone', async () => {
  const old = await kms.wrap(seed, 'wx')
  expect((await kms.newest())(old.by)).toBe(true)
  await plugin.rotate()
  expect((await kms.newest())(old.by)).toBe(false)
  expect(await kms.unwrap(old, 'wx')).toEqual(seed)
  const next = await kms.wrap(seed, 'wx')
  expect((await kms.newest())(next.by)).toBe(true)
  await plugin.forget()
  await expect(kms.unwrap(old, 'wx')).rejects.toMatchObject({
    code: 'refused',
    message: expect.stringContaining('NOT_FOUND'),
  })
})

test('one that does not answer is given up in time', async () => {
  await plugin.behave('hang')
  const start = performance.now()
  // The plugin's library has been told the deadline as well, and may be the first to end the call.
  await expect(kms.newest()).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringMatching(/ does not answer \(Status: (DEADLINE_EXCEEDED|CANCELLED)\)$/),
  })
  expect(performance.now() - start).toBeLessThan(4_500)
})

test.each([
  ['healthz sick', 'unavailable', 'does not call itself healthy'],
  ['version v1', 'refused', 'speaks another version than v2 or v2beta1'],
])('%s: it wraps nothing', async (line, code, why) => {
  await plugin.behave(line)
  const failure = expect.objectContaining({ code, message: `the KMS at ${plugin.address} ${why}` })
  await expect(kms.wrap(seed, 'wx')).rejects.toEqual(failure)
  await expect(kms.newest()).rejects.toEqual(failure)
})

test('version v2beta1 will do', async () => {
  await plugin.behave('version v2beta1')
  expect(await kms.unwrap(await kms.wrap(seed, 'wx'), 'wx')).toEqual(seed)
})

test('one that has gone is unavailable at once, and is found again when it is back', async () => {
  const wrapped = await kms.wrap(seed, 'wx')
  await plugin.kill()
  const start = performance.now()
  await expect(kms.unwrap(wrapped, 'wx')).rejects.toMatchObject({ code: 'unavailable' })
  expect(performance.now() - start).toBeLessThan(1_000)
  await plugin.start()
  const opened = await until('it is back', () => kms.unwrap(wrapped, 'wx').catch(() => undefined), 5_000)
  expect(opened).toEqual(seed)
})
