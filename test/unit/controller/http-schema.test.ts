import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createApp } from '../../../controller/http/app.ts'
import { rewrapAsked, verifyAsked } from '../../../controller/http/asked.ts'
import { OPENAPI } from '../../../controller/http/openapi.ts'
import { createPostRoutes } from '../../../controller/http/post-routes.ts'
import { type Listening, listen } from '../../../controller/http/server.ts'
import { chooseKem } from '../../../shared/crypto/kem/choose.ts'
import { sealedSecretObject } from '../../../shared/format/write.ts'
import type { PrivateKey } from '../../../shared/keys/seed.ts'
import { namedKey } from '../../support/keys.ts'
import { asKeys, sealObject, seededRandom, testKeys } from '../../support/objects.ts'
import { memoryLog } from './world.ts'

// A small fuzzer by the OpenAPI document: requests of every kind, and answers of the documented kinds only. The clock is
// ahead by a step with each look, so that nothing waits. test/fuzz has a larger one.

interface Media {
  schema: object
}
interface Operation {
  parameters?: { name: string }[]
  requestBody?: { content: Record<string, Media> }
  responses: Record<string, { content: Record<string, Media>; headers?: Record<string, unknown> }>
}

const paths = OPENAPI.paths as unknown as Record<string, Record<string, Operation>>
const operations = Object.entries(paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(
    ([method, operation]) => [`${method.toUpperCase()} ${path}`, operation] as const,
  ),
)
const ajv = new Ajv2020({ strict: false, validateFormats: false })
ajv.addSchema({ $id: 'openapi', components: OPENAPI.components })
const validator = (schema: object) =>
  ajv.compile(JSON.parse(JSON.stringify(schema).replaceAll('"#/components', '"openapi#/components')))

const kem = await chooseKem()
const [old, key] = (await testKeys(kem, 2)) as [PrivateKey, PrivateKey]
const { key: published } = await namedKey('prod')
const good = sealedSecretObject(
  await sealObject(kem, [old], new Map([['a', new Uint8Array(3)]]), seededRandom(2)),
)
let server: Listening

beforeAll(async () => {
  let now = 0
  const post = createPostRoutes({
    callers: {
      available: async () => true,
      known: () => undefined,
      identify: async (token) => (token === 'good' ? { name: 'u', token, info: {} } : undefined),
      mayUpdate: async () => true,
    },
    keyring: {
      private: () => asKeys(old, key),
      newest: () =>
        ({
          name: 'k',
          state: 'active',
          private: key.key,
          public: { ...published, id: key.id, publicKey: key.key.publicKey },
        }) as never,
    },
    kem,
    random: seededRandom(3),
    namespace: 'waxwing-system',
    serves: () => true,
    log: memoryLog(),
    clock: () => (now += 250),
  })
  const app = createApp({
    keys: () => [{ name: 'k', state: 'active', public: published } as never],
    usage: () => new Map(),
    counter: 'waxwing',
    holder: 'prod',
    missing: () => [],
    limit: (_request, _response, next) => next(),
    rewrap: post(rewrapAsked),
    verify: post(verifyAsked),
    trustedProxy: [],
  })
  server = await listen(app, { host: '127.0.0.1', port: 0 })
})
afterAll(() => server?.close())

/** A good object with something else at one place of it, or anything at all. */
const bodies = fc.oneof(
  { weight: 2, arbitrary: fc.constant(JSON.stringify(good)) },
  {
    weight: 4,
    arbitrary: fc
      .tuple(fc.nat(), fc.jsonValue())
      .map(([n, value]) => JSON.stringify(replaced(good, n, value))),
  },
  fc.json(),
  fc.string({ unit: 'binary' }),
)

/** The n-th place, counted through the object and around again, holds another value. */
function replaced(object: unknown, n: number, value: unknown): unknown {
  let places = 0
  const count = (node: unknown): void => {
    places += 1
    if (typeof node === 'object' && node !== null) Object.values(node).forEach(count)
  }
  count(object)
  let left = n % places
  const walk = (node: unknown): unknown => {
    if (left-- === 0) return value
    if (Array.isArray(node)) return node.map(walk)
    if (typeof node !== 'object' || node === null) return node
    return Object.fromEntries(Object.entries(node).map(([name, inner]) => [name, walk(inner)]))
  }
  return walk(object)
}

const word = fc.string({ minLength: 1, maxLength: 20 })
const headerText = fc.stringMatching(/^[!-~]{1,30}$/)
const types = fc.constantFrom('application/json', 'application/yaml', 'text/plain', 'x')
const tokens = fc.oneof({ weight: 4, arbitrary: fc.constant('good') }, headerText)
const accepts = fc.constantFrom('*/*', 'application/json', 'application/yaml', 'x/y')

describe.each(operations)('%s', (line, operation) => {
  const [method = '', path = ''] = line.split(' ')
  const seen = new Set<number>()
  const validators = new Map<string, ReturnType<typeof validator>>()
  for (const [status, { content }] of Object.entries(operation.responses))
    for (const [type, { schema }] of Object.entries(content))
      validators.set(`${status} ${type}`, validator(schema))

  test('answers as documented', async () => {
    const names = [...(operation.parameters ?? []).map(({ name }) => name), 'x']
    const query = fc.array(fc.tuple(fc.constantFrom(...names), fc.oneof(fc.constant('1'), word)), {
      maxLength: 3,
    })
    const request = fc.record({ query, body: bodies, type: types, token: tokens, accept: accepts })
    await fc.assert(
      fc.asyncProperty(request, async ({ query, body, type, token, accept }) => {
        const search = new URLSearchParams(query).toString()
        const response = await fetch(`http://${server.address}${path}${search && `?${search}`}`, {
          method,
          headers: { 'Content-Type': type, 'X-Waxwing-Token': token, Accept: accept },
          ...(operation.requestBody && { body }),
        })
        const text = await response.text()
        const media = (response.headers.get('content-type') ?? '').split(';')[0] ?? ''
        const valid = validators.get(`${response.status} ${media}`)
        expect(valid, `${response.status} ${media}`).toBeDefined()
        const json = media.endsWith('json')
        if (json || media === 'text/plain') expect(valid?.(json ? JSON.parse(text) : text), text).toBe(true)
        for (const name of Object.keys(operation.responses[response.status]?.headers ?? {}))
          expect(response.headers.has(name)).toBe(true)
        seen.add(response.status)
      }),
      { numRuns: 150 },
    )
    expect([...seen]).toContain(200)
    if (operation.requestBody) expect([...seen]).toContain(403)
  })

  test('and takes no other method', async () => {
    for (const other of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
      if (other === method) continue
      const response = await fetch(`http://${server.address}${path}`, { method: other })
      await response.arrayBuffer()
      expect([other, response.status]).toEqual([other, 405])
      expect(response.headers.get('allow')).toContain(method)
    }
  })
})

test('the document is served as it is', async () => {
  const response = await fetch(`http://${server.address}/v1/openapi.json`)
  expect(await response.json()).toEqual(JSON.parse(JSON.stringify(OPENAPI)))
})
