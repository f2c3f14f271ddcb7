import { afterEach, describe, expect, test } from 'vitest'
import { connect } from '../../../../shared/kube/client.ts'
import type { Observe } from '../../../../shared/kube/observe.ts'
import type { Kube } from '../../../../shared/kube/port.ts'
import { SEALED_SECRETS, SECRETS } from '../../../../shared/kube/resources.ts'
import type { TransportOptions } from '../../../../shared/kube/transport.ts'
import { type Handler, object, type ScriptedServer, sendJson, sendStatus, serve } from './server.ts'

// What an observer is told of the requests of a client: each that is sent, once at its start and once at its end.

const id = { namespace: 'team', name: 'db' }
let server: ScriptedServer
let kube: Kube
let told: string[]

async function start(handler: Handler, options: Partial<TransportOptions> = {}): Promise<void> {
  told = []
  const observe: Observe = ({ verb, resource, method, path }) => {
    const what = `${verb} ${resource} ${method} ${path}`
    return {
      headers: { 'X-Seen': String(told.length) },
      ended: (result) => void told.push(`${what} ${result}`),
    }
  }
  server = await serve(handler)
  kube = connect(server.connection, { userAgent: 'test', observe, ...options })
}

afterEach(async () => {
  kube.close()
  await server.close()
})

const list = { metadata: { resourceVersion: '7' }, items: [] }

test('verb, resource and path of each kind of call', async () => {
  await start((request, response) =>
    sendJson(
      response,
      request.method === 'GET' && !request.url.pathname.endsWith('db') ? list : object('db', '7'),
    ),
  )
  await kube.get(SECRETS, id)
  await kube.list(SECRETS, { labelSelector: 'a=b' })
  await kube.create(SECRETS, { metadata: id })
  await kube.mergePatch(SEALED_SECRETS, id, {}, { subresource: 'status' })
  await kube.replaceStatus(SEALED_SECRETS, { metadata: id, status: {} })
  await kube.apply(SECRETS, { metadata: id }, { fieldManager: 'x' })
  await kube.delete(SECRETS, id)
  await kube.raw('/version?x=y')
  await kube.post('/apis/authorization.k8s.io/v1/subjectaccessreviews', '{}')
  await kube.post('/api/v1/namespaces/team/services/x/proxy/v1/tokenreviews', '{}')
  const secret = '/api/v1/namespaces/team/secrets/db'
  expect(told).toEqual([
    `get secrets GET ${secret} 200`,
    'list secrets GET /api/v1/secrets 200',
    'create secrets POST /api/v1/namespaces/team/secrets 200',
    'patch sealedsecrets/status PATCH /apis/waxwing.dev/v1alpha1/namespaces/team/sealedsecrets/db/status 200',
    'update sealedsecrets/status PUT /apis/waxwing.dev/v1alpha1/namespaces/team/sealedsecrets/db/status 200',
    `patch secrets PATCH ${secret} 200`,
    `delete secrets DELETE ${secret} 200`,
    'get other GET /version 200',
    'create subjectaccessreviews POST /apis/authorization.k8s.io/v1/subjectaccessreviews 200',
    'create other POST /api/v1/namespaces/team/services/x/proxy/v1/tokenreviews 200',
  ])
  expect(server.requests.map(({ headers }) => headers['x-seen'])).toEqual(told.map((_, i) => String(i)))
})

describe('how it ended', () => {
  const ends = () => told.map((line) => line.split(' ').at(-1))

  test('a refusal by its status; a repetition is another request', async () => {
    let count = 0
    await start((_request, response) => {
      count += 1
      if (count === 1) response.writeHead(429, { 'Retry-After': '0.01' }).end()
      else sendStatus(response, 404, 'NotFound')
    })
    await expect(kube.get(SECRETS, id)).rejects.toMatchObject({ status: 404 })
    expect(ends()).toEqual(['429', '404'])
  })

  test('no answer', async () => {
    await start((_request, response) => response.destroy())
    await expect(kube.create(SECRETS, { metadata: id })).rejects.toMatchObject({ code: 'ECONNRESET' })
    expect(ends()).toEqual(['error'])
  })

  test('an answer that breaks off', async () => {
    await start((_request, response) => {
      response.writeHead(200, { 'Content-Length': '100' }).write('{')
      setTimeout(() => response.destroy(), 20)
    })
    await expect(kube.create(SECRETS, { metadata: id })).rejects.toMatchObject({ name: 'NetworkError' })
    expect(ends()).toEqual(['error'])
  })

  test('an answer that takes too long, before or in it', async () => {
    let begin = false
    await start(
      (_request, response) => {
        if (begin) response.writeHead(200).write('{')
      },
      { timeoutMs: 30 },
    )
    for (begin of [false, true])
      await expect(kube.create(SECRETS, { metadata: id })).rejects.toMatchObject({ code: 'ETIMEDOUT' })
    expect(ends()).toEqual(['error', 'error'])
  })

  test('given up by the caller, or held back by its guard', async () => {
    await start(() => undefined)
    const cut = new AbortController()
    const asked = kube.get(SECRETS, id, { signal: cut.signal })
    while (server.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 1))
    cut.abort()
    await expect(asked).rejects.toThrow()
    const guard = () => {
      throw new Error('not now')
    }
    await expect(kube.delete(SECRETS, id, { guard })).rejects.toThrow('not now')
    expect(ends()).toEqual(['cancelled', 'cancelled'])
    await expect(kube.get(SECRETS, id, { signal: cut.signal })).rejects.toThrow()
    expect(told).toHaveLength(2)
  })

  test('a kept connection that the server had closed is one request', async () => {
    let count = 0
    await start((_request, response) => {
      count += 1
      if (count === 2) response.socket?.destroy()
      else sendJson(response, object('db', '7'))
    })
    await kube.get(SECRETS, id)
    await kube.get(SECRETS, id)
    expect(ends()).toEqual(['200', '200'])
    expect(count).toBe(3)
  })

  test('a watch at its beginning, whatever comes of it', async () => {
    await start((_request, response) => {
      response.writeHead(200).write(`${JSON.stringify({ type: 'ADDED', object: object('db', '8') })}\n`)
    })
    const cut = new AbortController()
    const seen: string[] = []
    try {
      for await (const event of kube.watch(SECRETS, { resourceVersion: '7' }, { signal: cut.signal })) {
        seen.push(...told, event.type)
        cut.abort()
      }
    } catch {
      // by the abort
    }
    expect(seen).toEqual(['watch secrets GET /api/v1/secrets 200', 'ADDED'])
    expect(ends()).toEqual(['200'])
  })
})
