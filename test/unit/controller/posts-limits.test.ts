import { afterEach, describe, expect, test } from 'vitest'
import { createApp } from '../../../controller/http/app.ts'
import { rewrapAsked, verifyAsked } from '../../../controller/http/asked.ts'
import type { Callers } from '../../../controller/http/callers.ts'
import { createPostRoutes } from '../../../controller/http/post-routes.ts'
import { type Listening, listen } from '../../../controller/http/server.ts'
import { chooseKem } from '../../../shared/crypto/kem/choose.ts'
import { sealedSecretObject, yamlText } from '../../../shared/format/write.ts'
import type { PrivateKey } from '../../../shared/keys/seed.ts'
import { ApiError } from '../../../shared/kube/errors.ts'
import { asKeys, sealObject, seededRandom, testKeys } from '../../support/objects.ts'
import { memoryLog } from './world.ts'

// Rates at which nothing comes back while the test runs, however busy the machine is.

const kem = await chooseKem()
const [key] = (await testKeys(kem, 1)) as [PrivateKey]
const values = new Map([['a', new Uint8Array(1)]])
const body = yamlText(sealedSecretObject(await sealObject(kem, [key], values, seededRandom(5))))
const slow = (burst: number) => ({ burst, perSecond: 0.01, most: 100 })
let server: Listening

afterEach(() => server?.close())

/** Tokens `NAME-…` are those of NAME, but for `bad-…`. */
async function start(trustedProxy: string[] = [], strange: Partial<Callers> = {}): Promise<void> {
  const known = new Map<string, ReturnType<Callers['known']>>()
  const callers: Callers = {
    available: async () => true,
    known: (token) => known.get(token),
    async identify(token) {
      const name = token.replace(/-.*/, '')
      if (name === 'bad') return undefined
      const caller = { name, token, info: {} }
      known.set(token, caller)
      return caller
    },
    mayUpdate: async () => true,
    ...strange,
  }
  const post = createPostRoutes({
    callers,
    keyring: { private: () => asKeys(key), newest: () => undefined },
    kem,
    random: seededRandom(1),
    namespace: 'waxwing-system',
    serves: () => true,
    log: memoryLog(),
    clock: () => performance.now(),
    rates: { failures: slow(5), requests: slow(60) },
  })
  const app = createApp({
    keys: () => [],
    usage: () => undefined,
    counter: '',
    holder: '',
    missing: () => [],
    limit: (_request, _response, next) => next(),
    rewrap: post(rewrapAsked),
    verify: post(verifyAsked),
    trustedProxy,
  })
  server = await listen(app, { host: '127.0.0.1', port: 0 })
}

async function verify(token: string, headers: Record<string, string> = {}, text = body) {
  const response = await fetch(`http://${server.address}/v1/verify`, {
    method: 'POST',
    body: text,
    headers: { 'X-Waxwing-Token': token, ...headers },
  })
  const { status } = response
  return { status, text: await response.text(), retryAfter: response.headers.get('retry-after') }
}
/** How many come through before the limit is met. */
async function untilLimited(most: number, ask: (i: number) => ReturnType<typeof verify>): Promise<number> {
  for (let i = 0; i < most; i += 1) if ((await ask(i)).status === 429) return i
  return most
}

describe('tokens that are not accepted', () => {
  test('are limited by the address of the socket, which no header moves; who is known goes on', async () => {
    await start()
    expect((await verify('known-1')).status).toBe(200)
    const spoofed = (i: number) =>
      verify(`bad-${i}`, {
        'X-Forwarded-For': `10.1.2.${i}`,
        'X-Real-IP': `10.1.2.${i}`,
        Forwarded: `for=10.1.2.${i}`,
        'True-Client-IP': `10.1.2.${i}`,
      })
    expect(await untilLimited(10, spoofed)).toBe(5)
    expect(await spoofed(11)).toEqual({
      status: 429,
      text: '{"error":"too many requests"}',
      retryAfter: expect.stringMatching(/^(9\d|100)$/),
    })
    expect((await verify('known-1')).status).toBe(200)
    expect((await verify('new-1')).status).toBe(429)
  })

  test('are told apart by X-Forwarded-For where it comes from a trusted proxy', async () => {
    await start(['127.0.0.0/8'])
    const from = (address: string) => (i: number) => verify(`bad-${i}`, { 'X-Forwarded-For': address })
    expect(await untilLimited(10, from('10.0.0.1'))).toBe(5)
    // What the client itself put in front of what the proxy added counts for nothing.
    expect(await untilLimited(1, (i) => from(`10.9.9.${i}, 10.0.0.1`)(i))).toBe(0)
    expect(await untilLimited(3, from('10.0.0.2'))).toBe(3)
  })
})

test('requests are limited by user, whatever address and token they come with', async () => {
  await start(['127.0.0.0/8'])
  const busy = (i: number) => verify(`busy-${i}`, { 'X-Forwarded-For': `10.0.0.${i % 200}` })
  expect(await untilLimited(70, busy)).toBe(60)
  expect((await verify('calm-1')).status).toBe(200)
})

test('a large body counts as many requests', async () => {
  await start()
  // 46 of 60, and then 46 more than there are.
  expect(await untilLimited(5, () => verify('large-1', {}, `${body}# ${'x'.repeat(3_000_000)}`))).toBe(2)
})

test('one user has four bodies under way and no more', async () => {
  await start()
  const stop = new AbortController()
  const under = Array.from({ length: 4 }, () =>
    fetch(`http://${server.address}/v1/verify`, {
      method: 'POST',
      duplex: 'half',
      signal: stop.signal,
      headers: { 'X-Waxwing-Token': 'slow-1' },
      body: new ReadableStream({
        start: (controller) => controller.enqueue(new TextEncoder().encode('a: ')),
      }),
    } as RequestInit).catch(() => undefined),
  )
  const becomes = async (wanted: number) => {
    for (let tries = 0; tries < 50; tries += 1) {
      const { status, retryAfter } = await verify('slow-1')
      if (status === wanted) return retryAfter
    }
    throw new Error(`never ${wanted}`)
  }
  expect(await becomes(429)).toBe('1')
  expect((await verify('other-1')).status).toBe(200)
  stop.abort()
  await Promise.all(under)
  await becomes(200)
})

test('without the right to review the routes are off', async () => {
  await start([], { available: async () => false })
  expect(await verify('any-1')).toMatchObject({ status: 404, text: '{"error":"not available"}' })
})

test.each([
  ['identify', { identify: () => Promise.reject(apiError(500)) }],
  ['mayUpdate', { mayUpdate: () => Promise.reject(apiError(500)) }],
  ['available', { available: () => Promise.reject(apiError(500)) }],
])('while the API server does not answer, that is what is said (%s)', async (_what, strange) => {
  await start([], strange)
  expect(await verify('a-1')).toEqual({ status: 503, text: '{"error":"unavailable"}', retryAfter: '5' })
})

test('a right to review that was taken away is as none', async () => {
  await start([], { identify: () => Promise.reject(apiError(403)) })
  expect((await verify('a-1')).status).toBe(404)
})

test('a fault of ours is a refusal as well', async () => {
  await start([], { mayUpdate: () => Promise.reject(new TypeError('ours')) })
  expect(await verify('a-1')).toMatchObject({ status: 403, text: '{"error":"refused"}' })
})

const apiError = (status: number) => new ApiError('post', status, 'Because', { causes: [] })
