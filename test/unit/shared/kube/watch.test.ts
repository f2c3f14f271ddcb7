import type { ServerResponse } from 'node:http'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { connect } from '../../../../shared/kube/client.ts'
import type { Kube, KubeObject, WatchEvent } from '../../../../shared/kube/port.ts'
import { SEALED_SECRETS, SECRETS } from '../../../../shared/kube/resources.ts'
import { type Handler, object, type ScriptedServer, sendStatus, serve } from './server.ts'

let server: ScriptedServer
let kube: Kube

async function start(handler: Handler): Promise<void> {
  server = await serve(handler)
  kube = connect(server.connection, { userAgent: 'test', timeoutMs: 1000 })
}

afterEach(async () => {
  kube.close()
  await server.close()
})

const event = (type: string, body: object) => `${JSON.stringify({ type, object: body })}\n`
const added = (name: string, version: string) => event('ADDED', object(name, version))
const bookmark = (version: string) => event('BOOKMARK', { metadata: { resourceVersion: version } })
const plain = (name: string, version: string) => ({
  metadata: { name, namespace: 'team', resourceVersion: version },
})

const send =
  (...chunks: (string | Buffer)[]): Handler =>
  (_, response) => {
    for (const chunk of chunks) response.write(chunk)
    response.end()
  }

function watch(options: Parameters<Kube['watch']>[2] = {}) {
  return kube.watch(SECRETS, { resourceVersion: '5' }, options)
}

/** All events, and the error it ended with if any. */
async function collect(events: AsyncIterable<WatchEvent<KubeObject>>) {
  const seen: WatchEvent<KubeObject>[] = []
  try {
    for await (const next of events) seen.push(next)
    return { seen }
  } catch (error) {
    return { seen, error }
  }
}

test('events come as they are sent, and the end of the server is the end', async () => {
  await start(
    send(
      added('a', '6'),
      event('MODIFIED', object('a', '7')),
      bookmark('9'),
      event('DELETED', object('a', '10')),
    ),
  )
  expect(await collect(watch())).toEqual({
    seen: [
      { type: 'ADDED', object: plain('a', '6') },
      { type: 'MODIFIED', object: plain('a', '7') },
      { type: 'BOOKMARK', resourceVersion: '9' },
      { type: 'DELETED', object: plain('a', '10') },
    ],
  })
})

test('it asks for bookmarks, from a version, for 5 to 10 minutes', async () => {
  await start(send())
  const selection = { namespace: 'team', labelSelector: 'a=b', resourceVersion: '5', metadataOnly: true }
  await collect(kube.watch(SEALED_SECRETS, selection))
  const { url, headers } = server.requests[0] ?? {}
  const { timeoutSeconds, ...query } = Object.fromEntries(url?.searchParams ?? [])
  expect(query).toEqual({
    watch: 'true',
    resourceVersion: '5',
    allowWatchBookmarks: 'true',
    labelSelector: 'a=b',
  })
  expect(Number(timeoutSeconds)).toBeGreaterThanOrEqual(300)
  expect(Number(timeoutSeconds)).toBeLessThanOrEqual(600)
  expect(url?.pathname).toBe('/apis/waxwing.dev/v1alpha1/namespaces/team/sealedsecrets')
  expect(headers?.accept).toBe('application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1')
})

test('chunks may end anywhere, inside a character too', async () => {
  const bytes = Buffer.from(added('schlüssel-🔑', '6') + added('b', '7'))
  await start((_, response) => {
    let at = 0
    const next = () => {
      if (at === bytes.length) response.end()
      else response.write(bytes.subarray(at, ++at), () => setImmediate(next))
    }
    next()
  })
  const { seen } = await collect(watch())
  expect(seen).toEqual([
    { type: 'ADDED', object: plain('schlüssel-🔑', '6') },
    { type: 'ADDED', object: plain('b', '7') },
  ])
})

test('onOpen is called once the server has accepted, before any event', async () => {
  let answer: ServerResponse | undefined
  await start((_, response) => {
    answer = response
  })
  const onOpen = vi.fn()
  const result = collect(watch({ onOpen }))
  await vi.waitFor(() => expect(answer).toBeDefined())
  expect(onOpen).not.toHaveBeenCalled()
  answer?.flushHeaders()
  await vi.waitFor(() => expect(onOpen).toHaveBeenCalledTimes(1))
  answer?.end()
  expect(await result).toEqual({ seen: [] })
})

describe('it ends with an error', () => {
  test('that an ERROR event carries', async () => {
    const status = {
      kind: 'Status',
      code: 410,
      reason: 'Expired',
      message: 'too old resource version: 5 (9)',
    }
    await start(send(added('a', '6'), event('ERROR', status)))
    const { seen, error } = await collect(watch())
    expect(seen).toHaveLength(1)
    expect(error).toMatchObject({ status: 410, reason: 'Expired', message: 'watch secrets: 410 Expired' })
  })

  test('that the server answers with', async () => {
    await start((_, response) => sendStatus(response, 403, 'Forbidden'))
    expect(await collect(watch())).toMatchObject({ seen: [], error: { status: 403 } })
  })

  test('when the connection is cut', async () => {
    await start((_, response) => response.write(added('a', '6'), () => response.destroy()))
    expect(await collect(watch())).toMatchObject({ seen: [{ type: 'ADDED' }], error: { code: 'ECONNRESET' } })
  })

  test('when it ends inside an event', async () => {
    await start(send(added('a', '6'), '{"type":"ADD'))
    expect(await collect(watch())).toMatchObject({ seen: [{}], error: { code: 'ECONNRESET' } })
  })

  test.each(['{"type":"ADDED', '"canary"', '{"type":"SURPRISE","object":{}}'])(
    'on what is no event: %s',
    async (line) => {
      await start(send(`${line}\n`))
      const { error } = await collect(watch())
      expect(error).toMatchObject({ name: 'NetworkError', code: 'EBADBODY' })
      expect(String(error)).not.toContain('canary')
    },
  )

  test('when no headers come', async () => {
    await start(() => undefined)
    expect(await collect(watch())).toMatchObject({ error: { code: 'ETIMEDOUT' } })
  })
})

describe('silence', () => {
  test('longer than the idle time counts as a broken link', async () => {
    await start((_, response) => response.write(added('a', '6')))
    expect(await collect(watch({ idleMs: 60 }))).toMatchObject({ seen: [{}], error: { code: 'EIDLE' } })
    await vi.waitFor(() => expect(server.openSockets.size).toBe(0))
  })

  test('a bookmark now and then is enough', async () => {
    await start((_, response) => {
      let sent = 0
      const timer = setInterval(() => {
        response.write(bookmark(`${sent++}`))
        if (sent === 6) response.end()
        if (sent === 6) clearInterval(timer)
      }, 40)
    })
    expect((await collect(watch({ idleMs: 150 }))).seen).toHaveLength(6)
  })

  test('of our own making does not count', async () => {
    await start(send(added('a', '6'), added('b', '7')))
    const seen: string[] = []
    for await (const next of watch({ idleMs: 40 })) {
      seen.push(next.type)
      await new Promise((resolve) => setTimeout(resolve, 80))
    }
    expect(seen).toEqual(['ADDED', 'ADDED'])
  })
})

describe('the end we make', () => {
  test('an abort ends it promptly and closes the connection', async () => {
    await start((_, response) => response.write(added('a', '6')))
    const stop = new AbortController()
    const events = watch({ signal: stop.signal })[Symbol.asyncIterator]()
    expect((await events.next()).value).toMatchObject({ type: 'ADDED' })
    const next = events.next()
    const started = performance.now()
    stop.abort(new Error('shutdown'))
    await expect(next).rejects.toThrow('shutdown')
    expect(performance.now() - started).toBeLessThan(200)
    await vi.waitFor(() => expect(server.openSockets.size).toBe(0))
  })

  test('so does leaving the loop', async () => {
    await start((_, response) => response.write(added('a', '6')))
    for await (const _ of watch()) break
    await vi.waitFor(() => expect(server.openSockets.size).toBe(0))
  })
})
