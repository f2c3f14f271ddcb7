import { request } from 'node:http'
import { connect } from 'node:net'
import type { RequestHandler } from 'express'
import { load, loadAll } from 'js-yaml'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createApp } from '../../../controller/http/app.ts'
import { createMetricsApp } from '../../../controller/http/metrics-app.ts'
import { createPublicLimit } from '../../../controller/http/post-routes.ts'
import { type Listening, listen } from '../../../controller/http/server.ts'
import { createSeeds } from '../../../controller/keys/at-rest/seeds.ts'
import { storePlain } from '../../../controller/keys/at-rest/stored.ts'
import { type LoadedKey, newKeySecret, readKeySecret } from '../../../controller/keys/key-secret.ts'
import { createMetrics } from '../../../controller/metrics/metrics.ts'
import { chooseKem } from '../../../shared/crypto/kem/choose.ts'
import { KEY_LABEL } from '../../../shared/keys/labels.ts'
import { readSealingKey } from '../../../shared/keys/public.ts'
import { type KeyUsage, readPublishedKey } from '../../../shared/keys/published.ts'

const kem = await chooseKem()

async function loaded(n: number, state: 'active' | 'retired'): Promise<LoadedKey> {
  const seed = new Uint8Array(32).fill(n)
  const secret = await newKeySecret(
    kem,
    {
      name: `key-${n}`,
      namespace: 'ns',
      holder: 'old',
      seed,
      now: n * 1e12,
    },
    storePlain,
  )
  const reading = await readKeySecret(
    kem,
    {
      ...secret,
      metadata: { ...secret.metadata, labels: { [KEY_LABEL]: state } },
    },
    createSeeds({ all: [] }).open,
  )
  if (reading.kind !== 'key') throw new Error('no key')
  return reading.key
}

const newest = await loaded(2, 'active')
const older = await loaded(1, 'active')
const retired = await loaded(3, 'retired')

let keys: LoadedKey[] = []
let missing: string[] = []
let usage: Map<string, KeyUsage> | undefined
let server: Listening
let metricsServer: Listening
const metrics = createMetrics()

const state = {
  keys: () => keys,
  usage: () => usage,
  counter: 'waxwing',
  holder: 'prod',
  missing: () => missing,
  limit: ((_request, _response, next) => next()) as RequestHandler,
  rewrap: ((_request, response) => void response.status(501).end()) as RequestHandler,
  verify: ((_request, response) => void response.status(501).end()) as RequestHandler,
  trustedProxy: [],
}

beforeAll(async () => {
  const host = { host: '127.0.0.1', port: 0 }
  server = await listen(createApp(state), host)
  metrics.measure({
    queue: () => ({ waiting: 1, running: 2, delayed: 3 }),
    keys: () => ({ active: 1, malformed: 4 }),
    created: () => [{ id: 'wxa', notBefore: '2026-11-24T00:00:00Z' }],
    keyObjects: () => new Map([['wxa', { usable: 5, needed: 2 }]]),
    ready: () => true,
    leading: () => true,
  })
  metricsServer = await listen(createMetricsApp(metrics.registry), host)
})
afterAll(() => Promise.all([server.close(), metricsServer.close()]))

const get = (path: string, init?: RequestInit) => fetch(`http://${server.address}${path}`, init)

describe('GET /v1/keys', () => {
  test('without a key is 503', async () => {
    keys = []
    expect((await get('/v1/keys')).status).toBe(503)
    keys = [retired]
    expect((await get('/v1/keys?all=1')).status).toBe(503)
  })

  test('gives the newest active key as YAML that can be kept as a key file', async () => {
    keys = [newest, older, retired]
    const response = await get('/v1/keys')
    expect(response.headers.get('content-type')).toContain('application/yaml')
    const key = readSealingKey(load(await response.text()))
    expect(key.id).toBe(newest.public.id)
    expect(key.holder).toBe('prod')
  })

  test('as JSON when that is asked for', async () => {
    const response = await get('/v1/keys', { headers: { Accept: 'text/html, application/json' } })
    expect(response.headers.get('content-type')).toContain('application/json')
    expect(response.headers.get('vary')).toContain('Accept')
    expect(readSealingKey(await response.json()).id).toBe(newest.public.id)
    const refused = await get('/v1/keys', { headers: { Accept: 'application/json;q=0, */*' } })
    expect(refused.headers.get('content-type')).toContain('yaml')
  })

  test('with all=1 gives the rest as well, with their states', async () => {
    const states = (items: unknown[]) =>
      (items as { metadata: { labels: Record<string, string> } }[]).map(
        ({ metadata }) => metadata.labels[KEY_LABEL],
      )
    const documents = loadAll(await (await get('/v1/keys?all=1')).text())
    expect(documents.map((document) => readSealingKey(document).id)).toEqual(keys.map((key) => key.public.id))
    expect(states(documents)).toEqual(['active', 'active', 'retired'])
    const list = await (await get('/v1/keys?all=1', { headers: { Accept: 'application/json' } })).json()
    expect(list).toMatchObject({ apiVersion: 'v1', kind: 'List' })
    expect(states(list.items)).toEqual(['active', 'active', 'retired'])
  })

  test('with usage=1 says how many objects depend on each, and nothing before they are counted', async () => {
    usage = undefined
    expect((await get('/v1/keys?usage=1')).status).toBe(503)
    usage = new Map([[newest.public.id, { usable: 3, needed: 1 }]])
    const list = await (await get('/v1/keys?usage=1', { headers: { Accept: 'application/json' } })).json()
    const shown = (list.items as unknown[]).map(readPublishedKey)
    expect(shown.map(({ state, secret, usage }) => [state, secret, usage])).toEqual([
      ['active', 'key-2', { usable: 3, needed: 1 }],
      ['active', 'key-1', undefined],
      ['retired', 'key-3', undefined],
    ])
    expect(await (await get('/v1/keys?all=1')).text()).not.toContain('usage')
  })

  test('never shows a private key', async () => {
    const text = await (await get('/v1/keys?all=1')).text()
    for (const n of [1, 2, 3]) {
      const seed = Buffer.alloc(32, n)
      expect(text).not.toContain(seed.toString('base64'))
    }
    expect(text).not.toContain('seed')
  })
})

describe('health', () => {
  test('/healthz is for being there, /readyz for being ready', async () => {
    missing = ['caches are not synced', 'no sealing key']
    expect((await get('/healthz')).status).toBe(200)
    const response = await get('/readyz')
    expect(response.status).toBe(503)
    expect(await response.text()).toBe('not ready: caches are not synced, no sealing key\n')
    missing = []
    expect((await get('/readyz')).status).toBe(200)
  })
})

test('what anybody may ask is limited by address, and health is not', async () => {
  const limited = await listen(createApp({ ...state, limit: createPublicLimit(() => 0) }), {
    host: '127.0.0.1',
    port: 0,
  })
  const ask = async (path: string) => {
    const response = await fetch(`http://${limited.address}${path}`, {
      headers: { 'X-Forwarded-For': '10.1.1.1' },
    })
    await response.arrayBuffer()
    return response.status
  }
  try {
    for (let i = 0; i < 200; i += 1) expect(await ask(i % 2 ? '/v1/keys' : '/v1/openapi.json')).toBe(200)
    expect(await ask('/v1/keys')).toBe(429)
    expect(await ask('/healthz')).toBe(200)
  } finally {
    await limited.close()
  }
})

describe('everything else', () => {
  test('is 404 or 405, short, and in JSON', async () => {
    const unknown = await get('/v1/secret?x=canary')
    expect(unknown.status).toBe(404)
    expect(await unknown.text()).toBe('{"error":"not found"}')
    for (const method of ['POST', 'PUT', 'DELETE']) {
      const response = await get('/v1/keys', { method })
      expect(response.status).toBe(405)
      expect(response.headers.get('allow')).toBe('GET, HEAD')
    }
    expect((await get('/%', {})).status).toBeGreaterThanOrEqual(400)
  })

  test('says little of the server and forbids browsers much', async () => {
    const { headers } = await get('/healthz')
    expect(headers.get('x-powered-by')).toBeNull()
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('content-security-policy')).toContain("default-src 'self'")
    expect(headers.get('cache-control')).toBe('no-store')
  })

  test('a large body is refused, and so is a packed one', async () => {
    const large = await get('/v1/keys', { method: 'POST', body: 'x'.repeat(20_000) })
    expect(large.status).toBe(413)
    const packed = await get('/v1/keys', {
      method: 'POST',
      body: 'x',
      headers: { 'Content-Encoding': 'gzip' },
    })
    expect(packed.status).toBe(415)
  })

  test('headers without end are refused', async () => {
    const status = await new Promise<number>((resolve, reject) => {
      const [host, port] = server.address.split(':')
      request({ host, port, path: '/healthz', headers: { 'X-Long': 'x'.repeat(20_000) } }, (response) => {
        response.resume()
        resolve(response.statusCode ?? 0)
      })
        .on('error', reject)
        .end()
    })
    expect(status).toBe(431)
  })

  test('a client that sends half a request is cut off', { timeout: 15_000 }, async () => {
    const [host = '', port] = server.address.split(':')
    const started = performance.now()
    await new Promise<void>((resolve) => {
      const socket = connect(Number(port), host, () => socket.write('GET /healthz HTTP/1.1\r\nHost: x\r\n'))
      socket.resume()
      socket.on('error', () => undefined)
      socket.on('close', () => resolve())
    })
    expect(performance.now() - started).toBeLessThan(9_000)
  })
})

describe('GET /metrics', () => {
  test('has ours and those of the process', async () => {
    metrics.reconciled('absent')
    metrics.unsealed(0.3, 'opened')
    metrics.unsealed(0.3, 'no-key')
    metrics.unsealed(0.3, 'error')
    metrics.disconnected('secrets')
    metrics.corrected(['kubectl-edit', 'operator'])
    metrics.corrected([])
    const response = await fetch(`http://${metricsServer.address}/metrics`)
    expect(response.headers.get('content-type')).toContain('text/plain')
    const text = await response.text()
    for (const line of [
      'waxwing_reconciles_total{result="absent"} 1',
      'waxwing_open_duration_seconds_count 3',
      'waxwing_unseals_total{result="opened",reason="none"} 1',
      'waxwing_unseals_total{result="refused",reason="no-key"} 1',
      'waxwing_unseals_total{result="error",reason="internal"} 1',
      'waxwing_watch_failures_total{resource="secrets"} 1',
      'waxwing_drift_corrections_total{manager="kubectl-edit"} 1',
      'waxwing_drift_corrections_total{manager="unknown"} 1',
      'waxwing_queue_depth{state="delayed"} 3',
      'waxwing_sealing_keys{state="malformed"} 4',
      'waxwing_sealing_key_created_timestamp_seconds{key="wxa"} 1795478400',
      'waxwing_sealing_key_objects{key="wxa"} 5',
      'waxwing_sealing_key_needed_objects{key="wxa"} 2',
      'waxwing_ready 1',
      'waxwing_leader 1',
      'process_resident_memory_bytes ',
    ])
      expect(text).toContain(line)
  })

  test('and the other port does not', async () => {
    expect((await get('/metrics')).status).toBe(404)
    expect((await fetch(`http://${metricsServer.address}/v1/keys`)).status).toBe(404)
  })
})
