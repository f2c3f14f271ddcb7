import { afterEach, describe, expect, test, vi } from 'vitest'
import { connect } from '../../../../shared/kube/client.ts'
import type { Connection, Credentials } from '../../../../shared/kube/connection.ts'
import { NetworkError } from '../../../../shared/kube/errors.ts'
import type { Kube } from '../../../../shared/kube/port.ts'
import { SECRETS } from '../../../../shared/kube/resources.ts'
import type { TransportOptions } from '../../../../shared/kube/transport.ts'
import {
  connectionTo,
  type Handler,
  object,
  type ScriptedServer,
  sendJson,
  sendStatus,
  serve,
} from './server.ts'

const CANARY = 'canary-7f3a'
const id = { namespace: 'team', name: 'db' }
const answer: Handler = (_, response) => sendJson(response, object('db', '7'))

let server: ScriptedServer
let kube: Kube

async function start(
  handler: Handler,
  options: Partial<TransportOptions> = {},
  connection?: Partial<Connection>,
) {
  server = await serve(handler)
  kube = connect({ ...server.connection, ...connection }, { userAgent: 'test', ...options })
}

afterEach(async () => {
  kube.close()
  await server.close()
})

describe('connections', () => {
  test('300 calls one after the other take one', async () => {
    await start(answer)
    for (let i = 0; i < 300; i++) await kube.get(SECRETS, id)
    expect(server.requests).toHaveLength(300)
    expect(server.accepted()).toBe(1)
  })

  test('200 calls at 16 in flight take no more than 16', async () => {
    await start(answer)
    let left = 200
    const worker = async () => {
      while (left-- > 0) await kube.get(SECRETS, id)
    }
    await Promise.all(Array.from({ length: 16 }, worker))
    expect(server.accepted()).toBeLessThanOrEqual(16)
  })

  test('a guard is asked when the connection stands, and may keep the call from being sent', async () => {
    await start(answer)
    const standing: number[] = []
    const guard = () => void standing.push(server.accepted())
    await kube.create(SECRETS, object('db', ''), { guard })
    await kube.create(SECRETS, object('db', ''), { guard })
    expect(standing).toEqual([1, 1])
    const refuse = () => {
      throw new Error('not now')
    }
    await expect(kube.delete(SECRETS, id, { guard: refuse })).rejects.toThrow('not now')
    expect(server.requests).toHaveLength(2)
    await kube.get(SECRETS, id)
  })

  test('a call that gets no answer takes the kept ones with it: they may lead nowhere as well', async () => {
    let silent = false
    await start((_, response) => (silent ? undefined : sendJson(response, object('db', '7'))), {
      timeoutMs: 100,
    })
    await Promise.all(Array.from({ length: 4 }, () => kube.get(SECRETS, id)))
    const before = server.accepted()
    silent = true
    await expect(kube.get(SECRETS, id)).rejects.toMatchObject({ code: 'ETIMEDOUT' })
    await vi.waitFor(() => expect(server.openSockets.size).toBe(0))
    silent = false
    await kube.get(SECRETS, id)
    expect(server.accepted()).toBe(before + 1)
  })

  test('so does one that its signal ends before the answer', async () => {
    await start((_, response) => {
      if (server.requests.length <= 2) sendJson(response, object('db', '7'))
    })
    await Promise.all([kube.get(SECRETS, id), kube.get(SECRETS, id)])
    const stop = new AbortController()
    const call = kube.get(SECRETS, id, { signal: stop.signal })
    await vi.waitFor(() => expect(server.requests).toHaveLength(3))
    stop.abort(new Error('no answer in time'))
    await expect(call).rejects.toThrow('no answer in time')
    await vi.waitFor(() => expect(server.openSockets.size).toBe(0))
  })

  test('calls that go apart have one of their own, which is dropped with the others', async () => {
    let silent = false
    await start(({ url }, response) => {
      if (!silent || url.pathname.endsWith('/heart')) sendJson(response, object('db', '7'))
    })
    const stop = new AbortController()
    const beat = () => kube.get(SECRETS, { ...id, name: 'heart' }, { apart: true })
    const work = () => kube.get(SECRETS, id, { signal: stop.signal })
    for (const call of [beat, work, beat, work]) await call()
    expect(server.accepted()).toBe(2)
    silent = true
    const unanswered = work()
    await vi.waitFor(() => expect(server.requests).toHaveLength(5))
    await beat()
    expect(server.accepted()).toBe(2)
    stop.abort(new Error('no answer in time'))
    await expect(unanswered).rejects.toThrow('no answer in time')
    await vi.waitFor(() => expect(server.openSockets.size).toBe(0))
  })

  test('an error leaves the connection usable', async () => {
    await start((_, response) => sendStatus(response, 404, 'NotFound'))
    for (let i = 0; i < 20; i++) await expect(kube.get(SECRETS, id)).rejects.toMatchObject({ status: 404 })
    expect(server.accepted()).toBe(1)
  })

  test('close closes them', async () => {
    await start(answer)
    await kube.get(SECRETS, id)
    expect(server.openSockets.size).toBe(1)
    kube.close()
    await vi.waitFor(() => expect(server.openSockets.size).toBe(0))
  })

  test('a read on a connection that the server has just closed is sent again', async () => {
    await start((_, response) => {
      if (server.requests.length === 2) response.socket?.destroy()
      else sendJson(response, object('db', '7'))
    })
    await kube.get(SECRETS, id)
    await kube.get(SECRETS, id)
    expect(server.requests.map(({ method }) => method)).toEqual(['GET', 'GET', 'GET'])
  })

  test('a write is not: it may have been done', async () => {
    await start((_, response) => {
      if (server.requests.length === 2) response.socket?.destroy()
      else sendJson(response, object('db', '7'))
    })
    await kube.get(SECRETS, id)
    await expect(kube.create(SECRETS, { metadata: id })).rejects.toMatchObject({ code: 'ECONNRESET' })
    expect(server.requests).toHaveLength(2)
  })
})

describe('errors', () => {
  test('nobody there', async () => {
    await start(answer)
    const nowhere = connect(connectionTo('http://127.0.0.1:1'), { userAgent: 'test' })
    const error = await nowhere.get(SECRETS, id).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(NetworkError)
    expect(error).toMatchObject({ code: 'ECONNREFUSED' })
    expect(String(error)).toContain('get secrets team/db: ECONNREFUSED')
  })

  test('no answer in time', async () => {
    await start(() => undefined, { timeoutMs: 50 })
    await expect(kube.get(SECRETS, id)).rejects.toMatchObject({ code: 'ETIMEDOUT' })
    await vi.waitFor(() => expect(server.openSockets.size).toBe(0))
    expect(server.requests).toHaveLength(1)
  })

  test('an answer that does not end in time', async () => {
    await start((_, response) => response.write('{'), { timeoutMs: 50 })
    await expect(kube.get(SECRETS, id)).rejects.toMatchObject({ code: 'ETIMEDOUT' })
  })

  test('an answer cut short', async () => {
    await start((_, response) => {
      response.writeHead(200, { 'Content-Length': '100' }).write('{"metadata":')
      setTimeout(() => response.destroy(), 10)
    })
    await expect(kube.get(SECRETS, id)).rejects.toMatchObject({ name: 'NetworkError', code: 'ECONNRESET' })
  })

  test('an answer larger than allowed', async () => {
    await start((_, response) => response.end(`"${'x'.repeat(5000)}"`), { maxBodyBytes: 1000 })
    await expect(kube.get(SECRETS, id)).rejects.toMatchObject({ code: 'EBODYTOOLARGE' })
  })

  test('a redirect is not followed', async () => {
    await start((_, response) => response.writeHead(302, { Location: 'http://127.0.0.1:1/' }).end())
    await expect(kube.get(SECRETS, id)).rejects.toMatchObject({ status: 302, reason: 'Unknown' })
  })

  test('Retry-After reaches the caller', async () => {
    await start((_, response) => {
      response.setHeader('Retry-After', '60')
      sendStatus(response, 503, 'ServiceUnavailable')
    })
    await expect(kube.get(SECRETS, id)).rejects.toMatchObject({ status: 503, retryAfterMs: 60_000 })
  })

  test('a throttled write is repeated', async () => {
    await start(({ body }, response) => {
      if (server.requests.length > 1) return sendJson(response, JSON.parse(body))
      response.setHeader('Retry-After', '0.02')
      sendStatus(response, 429, 'TooManyRequests')
    })
    expect(await kube.create(SECRETS, { metadata: id })).toEqual({ metadata: id })
    expect(server.requests).toHaveLength(2)
  })

  test.each<[string, Handler]>([
    ['not JSON', (_, response) => response.end(`{"data": ${CANARY}`)],
    ['not HTTP', (_, response) => response.socket?.end(`HTTP/9 ${CANARY}\r\n\r\n`)],
    ['an error page', (_, response) => response.writeHead(500).end(CANARY)],
    ['a Status', (_, response) => sendStatus(response, 400, 'BadRequest', { message: CANARY })],
  ])('show nothing of an answer that is %s', async (_, handler) => {
    await start(handler)
    const error = await kube.create(SECRETS, { metadata: id, data: CANARY } as never).catch((e: unknown) => e)
    expect(error).toBeInstanceOf(Error)
    const { message, stack, cause } = error as Error
    expect(JSON.stringify([message, stack, cause, error])).not.toContain(CANARY)
  })
})

describe('abort', () => {
  test('ends a call at once, with the reason of the signal', async () => {
    await start(() => undefined)
    const stop = new AbortController()
    const call = kube.get(SECRETS, id, { signal: stop.signal })
    await vi.waitFor(() => expect(server.requests).toHaveLength(1))
    stop.abort(new Error('shutdown'))
    await expect(call).rejects.toThrow('shutdown')
    await vi.waitFor(() => expect(server.openSockets.size).toBe(0))
    await expect(kube.get(SECRETS, id, { signal: stop.signal })).rejects.toThrow('shutdown')
    expect(server.requests).toHaveLength(1)
  })

  test('ends a body that is being read', async () => {
    await start((_, response) => response.write('{'))
    const stop = new AbortController()
    const call = kube.get(SECRETS, id, { signal: stop.signal })
    setTimeout(() => stop.abort(), 30)
    await expect(call).rejects.toMatchObject({ name: 'AbortError' })
  })

  test('thousands of calls on one signal leave no listener and no warning', async () => {
    await start(answer)
    const warnings: Error[] = []
    const note = (warning: Error) => warnings.push(warning)
    process.on('warning', note)
    const { signal } = new AbortController()
    const add = vi.spyOn(signal, 'addEventListener')
    const remove = vi.spyOn(signal, 'removeEventListener')
    for (let round = 0; round < 40; round++) {
      await Promise.all(Array.from({ length: 50 }, () => kube.get(SECRETS, id, { signal })))
    }
    await new Promise(setImmediate)
    process.off('warning', note)
    expect(warnings).toEqual([])
    expect(remove).toHaveBeenCalledTimes(add.mock.calls.length)
  })
})

describe('credentials', () => {
  const bearer = (token: string): Credentials => ({ headers: { Authorization: `Bearer ${token}` } })
  const only =
    (token: string): Handler =>
    ({ headers }, response) =>
      headers.authorization === `Bearer ${token}`
        ? sendJson(response, object('db', '7'))
        : sendStatus(response, 401, 'Unauthorized')

  test('refused ones are renewed once, and the call repeated, writes too', async () => {
    const old = bearer('old')
    const authorize = vi.fn(async (rejected?: Credentials) => (rejected === old ? bearer('new') : old))
    await start(only('new'), {}, { authorize })
    await kube.mergePatch(SECRETS, id, {})
    expect(server.requests.map(({ headers }) => headers.authorization)).toEqual(['Bearer old', 'Bearer new'])
  })

  test('refused ones that cannot be renewed are an error', async () => {
    await start(only('new'))
    await expect(kube.get(SECRETS, id)).rejects.toMatchObject({ status: 401, reason: 'Unauthorized' })
    expect(server.requests).toHaveLength(1)
  })

  test('new ones that are refused as well are an error', async () => {
    await start(only('other'), {}, { authorize: async () => bearer('x') })
    await expect(kube.get(SECRETS, id)).rejects.toMatchObject({ status: 401 })
    expect(server.requests).toHaveLength(2)
  })

  test('none to be had is the error of their source', async () => {
    await start(answer, {}, { authorize: () => Promise.reject(new Error('exec plugin aws failed')) })
    await expect(kube.get(SECRETS, id)).rejects.toThrow('exec plugin aws failed')
  })
})
