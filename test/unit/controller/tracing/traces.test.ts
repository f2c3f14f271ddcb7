import { afterAll, beforeAll, expect, test } from 'vitest'
import { SECRETS } from '../../../../shared/kube/resources.ts'
import { put, reached, seal, values } from '../../../contract/controller-site.ts'
import { canary, expectNoCanary } from '../../../support/canary.ts'
import { type Collector, type ReceivedSpan, startCollector } from '../../../support/otlp.ts'
import { until } from '../../../support/programs.ts'
import { clusterKey, type PostsSite, startPosts, strangeKey } from '../posts-site.ts'
import { withEnvironment } from './environment.ts'

// A whole controller that sends its traces to a double of a collector.

let collector: Collector
let posts: PostsSite
let restore: () => void

beforeAll(async () => {
  collector = await startCollector()
  restore = withEnvironment({
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_EXPORTER_OTLP_HEADERS: 'x-tenant=blue',
    OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip',
    OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment=test,service.version=ours',
    OTEL_BSP_SCHEDULE_DELAY: '20',
  })
  posts = await startPosts()
})
afterAll(async () => {
  await posts?.stop()
  restore?.()
  await collector?.close()
})

const find = (name: string, attributes: Record<string, unknown>) =>
  until(`a span ${name}`, async () =>
    collector.spans.find(
      (span) => span.name === name && Object.entries(attributes).every(([k, v]) => span.attributes[k] === v),
    ),
  )

const below = (span: ReceivedSpan) => collector.spans.filter(({ parentId }) => parentId === span.spanId)
const summary = ({ name, kind, attributes, failed }: ReceivedSpan) => ({ name, kind, attributes, failed })

async function apply(name: string, key = clusterKey): Promise<void> {
  const recipient = { id: key.id, publicKey: key.key.publicKey }
  await put(posts.site.kube, await seal(recipient, { password: canary().bytes }, { name }))
}

test('one reconcile is a trace: the opening, the write of the Secret and of the status', async () => {
  await apply('db')
  await reached(posts.site.kube, 'db', 'Synced')
  const root = await find('reconcile', { 'waxwing.sealedsecret.name': 'db', 'waxwing.row': 'absent' })
  expect(root).toMatchObject({ kind: 'internal', parentId: '', failed: false })
  expect(root.attributes).toEqual({
    'k8s.namespace.name': 'shop',
    'waxwing.sealedsecret.name': 'db',
    'waxwing.sealedsecret.uid': expect.stringMatching(/^[0-9a-f-]{36}$/),
    'waxwing.sealedsecret.generation': 1,
    'waxwing.attempt': 1,
    'waxwing.row': 'absent',
  })
  const objects = '/apis/waxwing.dev/v1alpha1/namespaces/shop/sealedsecrets'
  const request = (method: string, verb: string, resource: string, path: string, status: number) => ({
    name: `${method} ${resource}`,
    kind: 'client',
    failed: false,
    attributes: {
      'http.request.method': method,
      'url.path': path,
      'waxwing.api.verb': verb,
      'waxwing.api.resource': resource,
      'http.response.status_code': status,
    },
  })
  const children = below(root).sort((a, b) => a.start - b.start || (a.name < b.name ? 1 : -1))
  expect(children.map(summary)).toEqual([
    { name: 'open', kind: 'internal', failed: false, attributes: { 'waxwing.result': 'opened' } },
    request('POST', 'create', 'secrets', '/api/v1/namespaces/shop/secrets', 201),
    request('PUT', 'update', 'sealedsecrets/status', `${objects}/db/status`, 200),
  ])
  for (const span of children) {
    expect(span.traceId).toBe(root.traceId)
    expect(span.start).toBeGreaterThanOrEqual(root.start - 1e6)
    expect(span.end).toBeLessThanOrEqual(root.end + 1e6)
  }
})

test('a refusal says its code; an answer that is an error marks its own span', async () => {
  posts.sandbox.faults.add({
    match: { resource: 'secrets', verb: 'create' },
    status: 503,
    times: 1,
  })
  await Promise.all([apply('strange', strangeKey), apply('failing')])
  await reached(posts.site.kube, 'strange', 'NoKey')
  await reached(posts.site.kube, 'failing', 'Synced')
  const refused = await find('reconcile', { 'waxwing.sealedsecret.name': 'strange', 'waxwing.row': 'no-key' })
  expect(refused.failed).toBe(false)
  expect(below(refused).find(({ name }) => name === 'open')?.attributes).toEqual({
    'waxwing.result': 'no-key',
  })
  const failed = await find('reconcile', { 'waxwing.sealedsecret.name': 'failing', 'waxwing.row': 'error' })
  expect(failed.failed).toBe(true)
  expect(below(failed).find(({ name }) => name === 'POST secrets')).toMatchObject({
    failed: true,
    attributes: { 'http.response.status_code': 503 },
  })
})

test('each reconcile is a trace of its own, whoever set it off', async () => {
  const names = Array.from({ length: 20 }, (_, i) => `many-${i}`)
  await Promise.all(names.map((name) => apply(name)))
  for (const name of names) await reached(posts.site.kube, name, 'Synced')
  const roots = await until('all of them', async () => {
    const found = collector.spans.filter(
      ({ name, attributes }) =>
        name === 'reconcile' && String(attributes['waxwing.sealedsecret.name']).startsWith('many-'),
    )
    return found.length >= names.length && found
  })
  expect(roots.every(({ parentId }) => parentId === '')).toBe(true)
  expect(new Set(roots.map(({ traceId }) => traceId)).size).toBe(roots.length)
  for (const root of roots)
    for (const { attributes } of below(root))
      if (typeof attributes['url.path'] === 'string' && attributes['url.path'].endsWith('/status'))
        expect(attributes['url.path']).toContain(`/${root.attributes['waxwing.sealedsecret.name']}/`)
})

test('a request to the controller goes on with the trace of its caller, and what it asks is below it', async () => {
  const traceId = 'ab'.repeat(16)
  const parentId = 'cd'.repeat(8)
  const token = await posts.token('traced')
  await fetch(`${posts.url}/v1/verify?secret=hostile`, {
    method: 'POST',
    headers: { 'X-Waxwing-Token': token, traceparent: `00-${traceId}-${parentId}-01` },
    body: 'no object',
  })
  const span = await find('POST /v1/verify', { 'http.response.status_code': 403 })
  expect(span).toMatchObject({ kind: 'server', traceId, parentId, failed: false })
  expect(span.attributes).toEqual({
    'http.request.method': 'POST',
    'http.route': '/v1/verify',
    'http.response.status_code': 403,
  })
  expect(below(span).map(({ name }) => name)).toEqual(
    expect.arrayContaining(['POST tokenreviews', 'POST subjectaccessreviews']),
  )
})

test('a header that is no traceparent begins a new trace', async () => {
  const before = collector.spans.length
  await fetch(`${posts.url}/v1/keys`, { headers: { traceparent: `00-${'0'.repeat(32)}-junk-01` } })
  const span = await until('the span', async () =>
    collector.spans.slice(before).find(({ name }) => name === 'GET /v1/keys'),
  )
  expect(span.parentId).toBe('')
})

test('probes, looks at the Lease and objects that are settled are no spans', async () => {
  for (const path of ['/healthz', '/readyz']) await fetch(posts.url + path)
  await fetch(`${posts.url}/nowhere/hostile`)
  await find('GET other', { 'http.response.status_code': 404 })
  const names = new Set(collector.spans.map(({ name }) => name))
  expect([...names].filter((name) => /leases|healthz|readyz|hostile/.test(name))).toEqual([])
  expect(collector.spans.filter(({ attributes }) => attributes['waxwing.row'] === 'settled')).toEqual([])
})

test('where to, with what, and who sends: by the variables of OpenTelemetry', () => {
  expect(collector.requests[0]).toMatchObject({
    path: '/v1/traces',
    headers: { 'x-tenant': 'blue', 'content-type': 'application/x-protobuf', 'content-encoding': 'gzip' },
  })
  expect(collector.resource).toMatchObject({
    'service.name': 'waxwing-controller',
    'service.version': 'ours',
    'service.instance.id': expect.stringMatching(/_[0-9a-f]{8}$/),
    'deployment.environment': 'test',
  })
})

test('a collector that fails or hangs hurts nothing, and the log says it once', async () => {
  for (const answer of [400, 'none'] as const) {
    collector.answer(answer)
    const name = `while-${answer}`
    await apply(name)
    await reached(posts.site.kube, name, 'Synced')
    expect(Object.keys(await values(posts.site.kube, name))).toEqual(['password'])
  }
  const told = await until('a line', async () => {
    const lines = posts.log.lines.filter(({ message }) => message.startsWith('traces could not be sent'))
    return lines.length > 0 && lines
  })
  expect(told.filter(({ level }) => level === 'warn')).toMatchObject([{ fields: { code: 400 } }])
  expect((await fetch(`${posts.url}/readyz`)).ok).toBe(true)
  collector.answer(200)
})

test('no value is in what was sent', async () => {
  const secret = await posts.site.kube.get(SECRETS, { namespace: 'shop', name: 'db' })
  expect(JSON.stringify(secret)).toContain('password')
  expect(collector.requests.length).toBeGreaterThan(5)
  for (const { body } of collector.requests) expectNoCanary(body.toString('latin1'), 'a delivery')
  expectNoCanary(JSON.stringify(collector.spans), 'the spans')
})
