import { beforeEach, expect, test } from 'vitest'
import { createCallers } from '../../../controller/http/callers.ts'
import { createShortCache } from '../../../controller/http/short-cache.ts'
import { ApiError } from '../../../shared/kube/errors.ts'
import { memoryLog } from './world.ts'

type Spec = { token?: string; audiences?: string[]; resourceAttributes?: object; user?: string }
let now: number
let asked: { path: string; spec: Spec }[]
let status: (path: string, spec: Spec) => object | Error
let log: ReturnType<typeof memoryLog>

beforeEach(() => {
  now = 0
  asked = []
  log = memoryLog()
  status = () => ({
    allowed: true,
    authenticated: true,
    audiences: ['waxwing'],
    user: { username: 'u', groups: ['g'] },
  })
})

const make = () =>
  createCallers({
    kube: {
      async post(path, body) {
        const { spec } = JSON.parse(body)
        asked.push({ path, spec })
        const answer = status(path, spec)
        if (answer instanceof Error) throw answer
        return JSON.stringify({ status: answer })
      },
    },
    clock: () => now,
    randomBytes: (size) => new Uint8Array(size).fill(7),
    log,
    signal: new AbortController().signal,
  })

test('a token is asked about once in ten seconds, by those who come together too', async () => {
  const callers = make()
  expect(callers.known('t')).toBeUndefined()
  const [one, other] = await Promise.all([callers.identify('t'), callers.identify('t')])
  expect(one).toBe(other)
  expect(one).toMatchObject({ name: 'u', info: { user: 'u', groups: ['g'] } })
  expect(callers.known('t')).toBe(one)
  expect(JSON.stringify(one)).not.toContain('"t"')
  now = 9_999
  await callers.identify('t')
  expect(asked).toEqual([
    { path: '/apis/authentication.k8s.io/v1/tokenreviews', spec: { token: 't', audiences: ['waxwing'] } },
  ])
  now = 10_000
  expect(callers.known('t')).toBeUndefined()
  await callers.identify('t')
  expect(asked).toHaveLength(2)
})

test.each([
  ['not authenticated', { authenticated: false, audiences: ['waxwing'], user: { username: 'u' } }],
  ['of no audience', { authenticated: true, user: { username: 'u' } }],
  ['for others', { authenticated: true, audiences: ['api'], user: { username: 'u' } }],
  ['nobody', { authenticated: true, audiences: ['waxwing'], user: {} }],
  ['nothing at all', {}],
])('%s is nobody', async (_what, answer) => {
  status = () => answer
  expect(await make().identify('t')).toBeUndefined()
})

test('rights are asked for with all that is known of the caller, and kept as long', async () => {
  const callers = make()
  const caller = await callers.identify('t')
  if (!caller) throw new Error('nobody')
  expect(await callers.mayUpdate(caller, 'shop', 'db')).toBe(true)
  expect(asked.at(-1)?.spec).toEqual({
    user: 'u',
    groups: ['g'],
    resourceAttributes: {
      verb: 'update',
      group: 'waxwing.dev',
      resource: 'sealedsecrets',
      namespace: 'shop',
      name: 'db',
    },
  })
  status = () => ({ allowed: false })
  expect(await callers.mayUpdate(caller, 'shop', 'db')).toBe(true)
  expect(await callers.mayUpdate(caller, 'shop', 'other')).toBe(false)
  now = 10_000
  expect(await callers.mayUpdate(caller, 'shop', 'db')).toBe(false)
})

test('a failure is not kept', async () => {
  const callers = make()
  status = () => new ApiError('post', 500, 'InternalError', { causes: [] })
  await expect(callers.identify('t')).rejects.toThrow('500')
  status = () => ({ authenticated: true, audiences: ['waxwing'], user: { username: 'u' } })
  expect(await callers.identify('t')).toMatchObject({ name: 'u' })
})

test('whether we may ask is looked at once, or each minute while we may not, and said once', async () => {
  const callers = make()
  status = (_path, { resourceAttributes }) => ({
    allowed: !JSON.stringify(resourceAttributes).includes('tokenreviews'),
  })
  for (now of [0, 59_999, 60_000]) expect(await callers.available()).toBe(false)
  expect(asked).toHaveLength(4)
  expect(log.lines).toHaveLength(1)
  now = 120_000
  status = () => ({ allowed: true })
  expect(await callers.available()).toBe(true)
  now = 1e9
  expect(await callers.available()).toBe(true)
  expect(asked).toHaveLength(6)
  // Until the API server says otherwise.
  status = () => new ApiError('post', 403, 'Forbidden', { causes: [] })
  await expect(callers.identify('t')).rejects.toThrow('403')
  status = () => ({ allowed: false })
  expect(await callers.available()).toBe(false)
})

test('a short cache holds so many', async () => {
  const cache = createShortCache<number>(10, 2, () => now)
  for (const [i, key] of ['a', 'b', 'c'].entries()) await cache.get(key, async () => i)
  expect(['a', 'b', 'c'].map(cache.peek)).toEqual([undefined, 1, 2])
})
