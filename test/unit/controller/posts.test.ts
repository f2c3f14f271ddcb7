import { request } from 'node:http'
import { load } from 'js-yaml'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { chooseKem } from '../../../shared/crypto/kem/choose.ts'
import type { SealedSecret } from '../../../shared/format/sealed-secret.ts'
import { unseal } from '../../../shared/format/unseal.ts'
import { sealedSecretObject, yamlText } from '../../../shared/format/write.ts'
import type { PrivateKey } from '../../../shared/keys/seed.ts'
import { canary, expectNoCanary } from '../../support/canary.ts'
import { asKeys, readText, sealObject, seededRandom } from '../../support/objects.ts'
import { clusterKey, type PostsSite, retiredKey, startPosts, strangeKey } from './posts-site.ts'

const kem = await chooseKem()
let posts: PostsSite
let token: string
let seed = 50

beforeAll(async () => {
  posts = await startPosts()
  token = await posts.token('ci')
})
afterAll(() => posts?.stop())

const seal = (keys: PrivateKey[], identity: { name?: string; namespace?: string } = {}) =>
  sealObject(kem, keys, new Map([['password', canary().bytes]]), seededRandom(seed++), identity)
const textOf = (sealed: SealedSecret) => yamlText(sealedSecretObject(sealed))

interface Answered {
  status: number
  /** All of them, but for the time. */
  headers: string[]
  body: string
}

/** Not by `fetch`, which hides some headers. */
function post(path: string, body: string | Buffer, headers: Record<string, string> = {}): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const sent = request(`${posts.url}${path}`, { method: 'POST', headers, agent: false }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.rawHeaders.filter((_, i, all) => all[i - (i % 2)] !== 'Date'),
          body: Buffer.concat(chunks).toString(),
        }),
      )
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

const YAML = { 'content-type': 'application/yaml' }
const JSON_TYPE = { 'content-type': 'application/json' }
const mine = (type: Record<string, string> = YAML) => ({ ...type, 'X-Waxwing-Token': token })
const PATHS = ['/v1/verify', '/v1/rewrap']
const REFUSED = '{"error":"refused"}'

describe('POST /v1/verify', () => {
  test('says that an object opens, by either header', async () => {
    const text = textOf(await seal([retiredKey]))
    const own = await post('/v1/verify', text, mine())
    expect([own.status, own.body]).toEqual([200, '{"result":"opens"}'])
    const bearer = await post('/v1/verify', text, { ...YAML, Authorization: `Bearer ${token}` })
    expect(bearer.status).toBe(200)
    expect(posts.asked).toContainEqual({
      user: 'system:serviceaccount:shop:ci',
      verb: 'update',
      group: 'waxwing.dev',
      resource: 'sealedsecrets',
      namespace: 'shop',
      name: 'db',
    })
  })

  test('refuses what the controller would refuse', async () => {
    const sealed = await seal([clusterKey])
    const template = { ...sealed.template, type: 'waxwing.dev/sealing-key' }
    expect((await post('/v1/verify', textOf({ ...sealed, template }), mine())).status).toBe(403)
    const own = await seal([clusterKey], { namespace: 'waxwing-system' })
    expect((await post('/v1/verify', textOf(own), mine())).status).toBe(403)
  })
})

describe('POST /v1/rewrap', () => {
  test('YAML: the same object with wraps for the newest active key, and nothing else changed', async () => {
    const sealed = await seal([strangeKey, retiredKey])
    const object = sealedSecretObject(sealed) as { metadata: object }
    Object.assign(object.metadata, { uid: 'u-1', generation: 3, labels: { a: '1' } })
    const answer = await post(
      '/v1/rewrap',
      yamlText({ ...object, status: { observedGeneration: 3 } }),
      mine(),
    )
    expect(answer.status).toBe(200)
    expect(answer.headers).toContain('application/yaml; charset=utf-8')
    const after = readText(answer.body)
    expect(after.envelopes[0]?.recipients.map(({ key }) => key)).toEqual([strangeKey.id, clusterKey.id])
    expect(await unseal(after, asKeys(clusterKey))).toEqual(await unseal(sealed, asKeys(strangeKey)))
    const got = load(answer.body) as { metadata: object; spec: { data: object }; status: object }
    expect(got.metadata).toEqual(object.metadata)
    expect(got.status).toEqual({ observedGeneration: 3 })
    expect(got.spec.data).toEqual((object as unknown as typeof got).spec.data)
  })

  test('JSON gives JSON', async () => {
    const sealed = await seal([retiredKey])
    const answer = await post('/v1/rewrap', JSON.stringify(sealedSecretObject(sealed)), mine(JSON_TYPE))
    expect(answer.headers).toContain('application/json; charset=utf-8')
    expect(JSON.parse(answer.body).spec.envelopes[0].recipients[0].key).toBe(clusterKey.id)
  })

  test('what is there already comes back as it was sent', async () => {
    const text = `# kept\n${textOf(await seal([clusterKey, strangeKey]))}`
    expect((await post('/v1/rewrap', text, mine())).body).toBe(text)
  })
})

/** Each is sent by whoever `as` gives; what is wrong with it is for nobody to see. */
const bodies: [string, () => Promise<string>][] = [
  ['opens', async () => textOf(await seal([clusterKey]))],
  ['is there in the cluster', async () => textOf(await seal([clusterKey], { name: 'there' }))],
  ['is for another key', async () => textOf(await seal([strangeKey]))],
  ['was moved', async () => textOf({ ...(await seal([clusterKey])), name: 'other' })],
  [
    'was copied, binding included',
    async () => {
      const [sealed, other] = [await seal([clusterKey]), await seal([clusterKey], { name: 'other' })]
      const { binding } = other.envelopes[0] ?? { binding: '' }
      return textOf({
        ...sealed,
        name: 'other',
        envelopes: sealed.envelopes.map((one) => ({ ...one, binding })),
      })
    },
  ],
  [
    'was tampered with',
    async () => {
      const sealed = await seal([clusterKey])
      const flip = (bytes: Uint8Array) => bytes.map((byte, i) => (i === 40 ? byte ^ 1 : byte))
      const data = new Map(
        [...sealed.data].map(([key, value]) => [key, { ...value, sealed: flip(value.sealed) }]),
      )
      return textOf({ ...sealed, data })
    },
  ],
  ['is elsewhere', async () => textOf(await seal([clusterKey], { namespace: 'nowhere' }))],
  ['is malformed', async () => 'kind: SealedSecret\n'],
  ['is no YAML', async () => '{"a": [\n'],
  ['is nested without end', async () => '['.repeat(200_000)],
  [
    'is many by aliases',
    async () =>
      `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefghij'
        .split('')
        .map((c, i) => `${c}: &${c} [${Array(9).fill(`*${'abcdefghij'[i]}`)}]`)
        .join('\n')}\n`,
  ],
  ['is nothing', async () => ''],
  ['is too large', async () => `# ${'x'.repeat(3 * 1_048_576)}`],
]

describe('a refusal', () => {
  const seen: Answered[] = []
  const same = async (path: string, body: string | Buffer, headers: Record<string, string>) => {
    const started = performance.now()
    const answer = await post(path, body, headers)
    // The first step after whatever was done, and never before it.
    expect(performance.now() - started).toBeGreaterThan(245)
    expect([answer.status, answer.body]).toEqual([403, REFUSED])
    seen.push(answer)
    expect(answer).toEqual(seen[0])
  }

  test.each(bodies)('without a right is the same where the object %s', async (_what, make) => {
    const body = await make()
    posts.allow(() => false)
    const before = posts.asked.length
    try {
      const headers = async () => ({ ...YAML, 'X-Waxwing-Token': await posts.token('stranger') })
      await Promise.all(PATHS.map(async (path) => same(path, body, await headers())))
      // The question is asked in any case, and once.
      expect(posts.asked.length - before).toBe(2)
    } finally {
      posts.allow(() => true)
    }
  })

  test.each(bodies.slice(2, -4))('with every right is the same where the object %s', async (what, make) => {
    if (what === 'is elsewhere') return
    const body = await make()
    await Promise.all(PATHS.map((path) => same(path, body, mine())))
  })

  test('is the same without a token, with a wrong one, and with one for another audience', async () => {
    const body = textOf(await seal([clusterKey]))
    const elsewhere = await posts.token('ci', ['https://kubernetes.default.svc'])
    const all: Record<string, string>[] = [
      {},
      { 'X-Waxwing-Token': 'x' },
      { 'X-Waxwing-Token': '' },
      { Authorization: 'Basic eDp5' },
      { 'X-Waxwing-Token': elsewhere },
      { Authorization: `Bearer ${posts.sandbox.token}` },
      // The header of the CLI wins: what a proxy adds besides does not help.
      { 'X-Waxwing-Token': 'x', Authorization: `Bearer ${token}` },
    ]
    await Promise.all(all.map((headers) => same('/v1/verify', body, { ...YAML, ...headers })))
  })

  test('rights are asked for the very object that is opened', async () => {
    posts.allow(({ namespace }) => namespace === 'shop')
    try {
      const other = await seal([clusterKey], { namespace: 'other' })
      await same('/v1/verify', textOf(other), { ...YAML, 'X-Waxwing-Token': await posts.token('shopper') })
    } finally {
      posts.allow(() => true)
    }
  })

  test('a packed body, and bytes that are no UTF-8', async () => {
    await same('/v1/verify', 'x', { ...mine(), 'Content-Encoding': 'gzip' })
    await same('/v1/verify', Buffer.from([0xff, 0xfe]), mine())
  })
})

test('a large body of a stranger is not read', async () => {
  const sizes: number[] = []
  const answer = await new Promise<number>((resolve, reject) => {
    const sent = request(`${posts.url}/v1/verify`, { method: 'POST', agent: false }, (response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
    sent.on('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EPIPE' || error.code === 'ECONNRESET' ? undefined : reject(error),
    )
    const chunk = Buffer.alloc(1 << 16)
    const more = () => {
      if (sent.destroyed || sizes.length > 4_000) return
      sizes.push(chunk.length)
      if (sent.write(chunk)) setImmediate(more)
      else sent.once('drain', more)
    }
    more()
  })
  expect(answer).toBe(403)
  // What fits into the buffers of the two sockets and no more: far from the 256 MB that were at hand.
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(32 << 20)
})

test('other methods are told which one is right', async () => {
  const response = await fetch(`${posts.url}/v1/rewrap`)
  expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST'])
})

test('through the service proxy, which strips Authorization', async () => {
  const path = '/api/v1/namespaces/waxwing-system/services/http:waxwing:http/proxy/v1/verify'
  const text = textOf(await seal([clusterKey]))
  const answer = await posts.site.kube.post(path, text, { headers: { 'X-Waxwing-Token': token } })
  expect(answer).toBe('{"result":"opens"}')
  await expect(posts.site.kube.post(path, text)).rejects.toMatchObject({ status: 403 })
})

test('no value is in any answer or log line, and no token', async () => {
  expect(posts.log.lines.map(({ fields }) => fields)).toContainEqual(
    expect.objectContaining({ user: 'system:serviceaccount:shop:ci', object: 'shop/db', why: 'tampered' }),
  )
  const text = JSON.stringify(posts.log.lines)
  expectNoCanary(text, 'the log')
  expect(text).not.toContain(token)
})
