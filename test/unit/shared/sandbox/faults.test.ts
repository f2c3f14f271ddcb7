import { afterEach, describe, expect, test } from 'vitest'
import { eventually, newNamespace, useSandbox } from './client.ts'

const client = useSandbox({ bookmarkMs: 20 })
const secrets = '/api/v1/namespaces/default/secrets'
const made = (name: string) => client.post(secrets, { metadata: { name } })

afterEach(() => client.sandbox.faults.clear())

describe('faults', () => {
  test.each([
    [500, 'InternalError'],
    [409, 'Conflict'],
    [503, 'ServiceUnavailable'],
    [418, 'Unknown'],
  ])('answer %i in place of the write', async (status, reason) => {
    client.sandbox.faults.add({ match: { verb: 'create', resource: 'secrets' }, times: 1, status })
    expect((await made(`s${status}`)).body).toMatchObject({ kind: 'Status', code: status, reason })
    expect((await client.get(`${secrets}/s${status}`)).status).toBe(404)
    expect(client.sandbox.audit().at(-1)).toMatchObject({ verb: 'create', code: status })
    expect((await made(`s${status}`)).status).toBe(201)
  })

  test('429 says when to come back', async () => {
    client.sandbox.faults.add({ match: {}, times: 1, status: 429, retryAfter: 2 })
    const { status, headers, body } = await client.get(secrets)
    expect([status, headers.get('retry-after'), body.details.retryAfterSeconds]).toEqual([429, '2', 2])
  })

  test('hit only what they are meant for', async () => {
    await newNamespace(client, 'other')
    const match = {
      verb: 'get',
      resource: 'secrets',
      namespace: 'default',
      name: 'x',
      subresource: '',
    } as const
    const takeAway = client.sandbox.faults.add({ match, status: 500 })
    expect((await client.get(`${secrets}/x`)).status).toBe(500)
    expect((await client.get(`${secrets}/y`)).status).toBe(404)
    expect((await client.get('/api/v1/namespaces/other/secrets/x')).status).toBe(404)
    expect((await client.get('/api/v1/namespaces/default/configmaps/x')).status).toBe(404)
    expect((await client.get(secrets)).status).toBe(200)
    expect((await client.get(`${secrets}/x`)).status).toBe(500)
    takeAway()
    expect((await client.get(`${secrets}/x`)).status).toBe(404)
  })

  test('make wait', async () => {
    client.sandbox.faults.add({ match: { verb: 'list' }, times: 1, delayMs: 80 })
    const start = performance.now()
    expect((await client.get(secrets)).status).toBe(200)
    expect(performance.now() - start).toBeGreaterThan(70)
  })

  test('drop the connection before the write, or after it', async () => {
    client.sandbox.faults.add({ match: { verb: 'create' }, times: 1, closeConnection: true })
    await expect(made('before')).rejects.toThrow()
    expect((await client.get(`${secrets}/before`)).status).toBe(404)
    client.sandbox.faults.add({ match: { verb: 'create' }, times: 1, after: 'write' })
    await expect(made('after')).rejects.toThrow()
    expect((await client.get(`${secrets}/after`)).status).toBe(200)
    expect(client.sandbox.audit().at(-1)).toMatchObject({ name: 'after', code: 201 })
    client.sandbox.faults.add({ match: { verb: 'create' }, times: 1, after: 'write', status: 504 })
    expect((await made('late')).status).toBe(504)
    expect((await client.get(`${secrets}/late`)).status).toBe(200)
  })

  test('cut a watch after so many events', async () => {
    client.sandbox.faults.add({ match: { verb: 'watch' }, times: 1, cutWatch: { afterEvents: 1 } })
    await made('one')
    const seen: string[] = []
    const response = await fetch(`${client.sandbox.url}${secrets}?watch=true`, {
      headers: { Authorization: `Bearer ${client.sandbox.token}` },
    })
    const reading = (async () => {
      for await (const chunk of response.body ?? []) seen.push(Buffer.from(chunk).toString())
    })()
    await expect(reading).rejects.toThrow()
    expect(seen.join('').split('\n')[0]).toContain('"type":"ADDED"')
  })
})

describe('watches under stress', () => {
  async function open() {
    const before = client.sandbox.openWatches()
    const { resourceVersion } = (await client.get(secrets)).body.metadata
    const path = `${secrets}?watch=true&allowWatchBookmarks=true&resourceVersion=${resourceVersion}`
    const controller = new AbortController()
    const response = await fetch(client.sandbox.url + path, {
      headers: { Authorization: `Bearer ${client.sandbox.token}` },
      signal: controller.signal,
    })
    await eventually(async () => client.sandbox.openWatches() > before)
    return { reader: (response.body ?? new ReadableStream()).getReader(), controller }
  }

  test('are cut all at once', async () => {
    const { reader } = await open()
    client.sandbox.cutWatches()
    await expect(
      (async () => {
        for (;;) if ((await reader.read()).done) return
      })(),
    ).rejects.toThrow()
    await eventually(async () => client.sandbox.openWatches() === 0)
  })

  test('fall silent without ending, and new ones work', async () => {
    const { reader, controller } = await open()
    await reader.read()
    client.sandbox.freezeWatches()
    // What was on its way when they froze still arrives.
    await new Promise((resolve) => setTimeout(resolve, 30))
    await made('unheard')
    let chunks = 0
    const reading = (async () => {
      for (;;) {
        if ((await reader.read()).done) return
        chunks++
      }
    })().catch(() => undefined)
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(chunks).toBeLessThanOrEqual(2)
    expect(client.sandbox.openWatches()).toBe(1)
    const lines = await client.watch(`${secrets}?watch=true&fieldSelector=metadata.name=unheard`, 1)
    expect(lines).toMatchObject([{ type: 'ADDED' }])
    controller.abort()
    await reading
  })
})
