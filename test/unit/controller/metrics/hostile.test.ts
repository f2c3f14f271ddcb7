import { request } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { SealedObject, SecretObject } from '../../../../controller/objects.ts'
import { CODES } from '../../../../shared/codes.ts'
import { connect } from '../../../../shared/kube/client.ts'
import { loadConnection } from '../../../../shared/kube/config.ts'
import { SECRETS } from '../../../../shared/kube/resources.ts'
import { put, reached, seal, values } from '../../../contract/controller-site.ts'
import { canary, expectNoCanary } from '../../../support/canary.ts'
import { readSeries, type Series } from '../../../support/exposition.ts'
import { until } from '../../../support/programs.ts'
import { clusterKey, type PostsSite, startPosts, strangeKey } from '../posts-site.ts'
import { TABLE } from '../table.ts'

// Whatever others call their paths, methods, users, managers and objects, it never becomes a label beyond a fixed number.

let posts: PostsSite

beforeAll(async () => {
  posts = await startPosts()
})
afterAll(() => posts?.stop())

function ask(method: string, path: string, headers: Record<string, string> = {}, body = ''): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(`${posts.url}${path}`, { method, headers }, (response) => {
      response.resume()
      response.on('end', () => resolve(response.statusCode ?? 0))
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

/** Everything that a stranger, a user and a field manager can make up, by names that no round before has had. */
async function round(n: number): Promise<void> {
  const made = (what: string) => `hostile-${what}-${n}`
  const paths = ['/', '/v1/', '/v1/keys/', '/metrics/', '/debug/pprof/', '/v1/keys?all='].map(
    (path) => path + made('path'),
  )
  for (const path of paths) await ask('GET', path)
  await ask('GET', '/V1/KEYS/')
  for (const method of ['PROPFIND', 'MKCOL', 'DELETE', 'PATCH']) await ask(method, '/v1/keys')
  await ask('GET', '/v1/keys', { accept: made('type'), 'user-agent': made('agent'), host: made('host') })
  await ask('POST', '/v1/verify', { 'X-Waxwing-Token': made('token') }, made('body'))
  const token = await posts.token(made('user'))
  await ask('POST', '/v1/verify', { 'X-Waxwing-Token': token }, made('body'))
  await Promise.all(
    Array.from({ length: 15 }, (_, i) => drift(made(`object-${i}`), made(`manager-${i}`), made(`key-${i}`))),
  )
  const { sandbox, site } = posts
  // Statuses that no API server gives, each once.
  for (const status of [418, 520 + n])
    sandbox.faults.add({
      match: { resource: 'sealedsecrets', subresource: 'status', name: made('status') },
      status,
      times: 1,
    })
  await put(site.kube, await sealed(made('status'), made('key')))
  await reached(site.kube, made('status'), 'Synced')
  // For a key that nobody has, and no object at all by our schema.
  await put(site.kube, await sealed(made('strange'), made('key'), strangeKey))
  await reached(site.kube, made('strange'), 'NoKey')
}

async function sealed(name: string, key: string, recipient = clusterKey): Promise<SealedObject> {
  return seal({ id: recipient.id, publicKey: recipient.key.publicKey }, { [key]: canary().text }, { name })
}

/** Somebody changes the Secret of a new object. */
async function drift(name: string, manager: string, key: string): Promise<void> {
  const { kube, cluster } = posts.site
  await put(kube, await sealed(name, key))
  await reached(kube, name, 'Synced')
  const editor = connect(await loadConnection({ kubeconfig: cluster.kubeconfig }), { userAgent: manager })
  const before = await values(kube, name)
  await editor.mergePatch<SecretObject>(SECRETS, { namespace: 'shop', name }, { data: { [key]: 'eA==' } })
  editor.close()
  await until('the value to be put back', async () => (await values(kube, name))[key] === before[key])
}

const scrape = async (): Promise<string> => (await fetch(`${posts.metricsUrl}/metrics`)).text()

const words = (...all: string[]) => new Set(all)
const ROWS = new Set(TABLE.map(([, , { row }]) => row as string))
/** Every value that a label may take. The managers are counted. */
const ALLOWED: Record<string, (value: string, series: Series) => boolean> = {
  result: (value) =>
    ROWS.has(value) ||
    words('error', 'contended', 'held-back', 'opened', 'refused', 'ok', 'unavailable').has(value),
  reason: (value) => value === 'none' || value === 'internal' || Object.hasOwn(CODES, value),
  state: (value) =>
    words('waiting', 'running', 'delayed', 'active', 'retired', 'wrapped', 'malformed').has(value),
  verb: (value) => words('get', 'list', 'watch', 'create', 'update', 'patch', 'delete').has(value),
  resource: (value) => /^(secrets|sealed|sealing|configmaps|leases|events|\w+reviews)/.test(value),
  code: (value) => /^([1-5]\d\d|[1-5]xx|error|cancelled|aborted)$/.test(value),
  route: (value) => /^(other|\/healthz|\/readyz|\/v1\/(keys|openapi\.json|verify|rewrap))$/.test(value),
  method: (value) => words('GET', 'HEAD', 'POST', 'other').has(value),
  key: (value) => /^wx[a-z2-7]+$/.test(value),
  version: () => true,
  le: (value) => value === '+Inf' || Number.isFinite(Number(value)),
  manager: () => true,
}

test('nothing that is made up becomes a label, but the first twenty managers', async () => {
  const counts: number[] = []
  for (const n of [1, 2, 3]) {
    await round(n)
    const text = await scrape()
    expectNoCanary(text, 'the metrics')
    const ours = readSeries(text).filter(({ name }) => name.startsWith('waxwing_'))
    const wrong = ours.flatMap((series) =>
      Object.entries(series.labels).filter(([label, value]) => !ALLOWED[label]?.(value, series)),
    )
    expect(wrong).toEqual([])
    const named = [...new Set(text.match(/hostile-[\w-]+/g))]
    expect(named.filter((name) => !name.startsWith('hostile-manager-'))).toEqual([])
    expect(named.length).toBe(Math.min(20, n * 15))
    counts.push(ours.length)
  }
  const [, second = 0, third = 0] = counts
  // What only chance brings: a conflict, a request that was cut off.
  expect(third - second).toBeLessThan(5)
}, 60_000)

test('requests by route, method and code; calls about callers are API requests like others', async () => {
  const at = async (name: string, labels: Record<string, string>) =>
    readSeries(await scrape()).find(
      (series) => series.name === name && Object.entries(labels).every(([k, v]) => series.labels[k] === v),
    )?.value ?? 0
  const known = { route: '/v1/keys', method: 'GET', code: '200' }
  const before = await at('waxwing_http_requests_total', known)
  await ask('GET', '/v1/keys/')
  await until('one more', async () => (await at('waxwing_http_requests_total', known)) === before + 1)
  expect(await at('waxwing_http_requests_total', { route: 'other', code: '404' })).toBeGreaterThan(0)
  expect(await at('waxwing_http_requests_total', { route: '/v1/verify', code: '403' })).toBeGreaterThan(0)
  for (const resource of ['tokenreviews', 'selfsubjectaccessreviews'])
    expect(
      await at('waxwing_api_requests_total', { verb: 'create', resource, code: '201' }),
      resource,
    ).toBeGreaterThan(0)
  expect(
    await at('waxwing_api_requests_total', { verb: 'update', resource: 'sealedsecrets/status', code: '5xx' }),
  ).toBeGreaterThan(0)
  expect(await at('waxwing_unseals_total', { result: 'refused', reason: 'no-key' })).toBeGreaterThan(0)
  expect(await at('waxwing_queue_wait_duration_seconds_count', {})).toBeGreaterThan(0)
})

test.each([
  '/debug',
  '/debug/pprof/',
  '/debug/vars',
  '/json',
  '/json/list',
  '/pprof',
  '/inspector',
  '/heapdump',
])('%s is on neither port', async (path) => {
  for (const method of ['GET', 'POST']) {
    expect(await ask(method, path)).toBe(404)
    expect((await fetch(`${posts.metricsUrl}${path}`, { method })).status).toBe(404)
  }
})

test('with a limit, the rate limit shows', async () => {
  const statuses = await Promise.all(Array.from({ length: 400 }, () => ask('GET', '/v1/keys')))
  expect(statuses).toContain(429)
  const limited = readSeries(await scrape()).find(
    ({ name, labels }) => name === 'waxwing_http_requests_total' && labels.code === '429',
  )
  expect(limited?.labels).toEqual({ route: '/v1/keys', method: 'GET', code: '429' })
  expect(limited?.value).toBe(statuses.filter((status) => status === 429).length)
})
