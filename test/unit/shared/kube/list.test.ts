import { afterEach, describe, expect, test, vi } from 'vitest'
import { connect } from '../../../../shared/kube/client.ts'
import type { Kube, KubeObject } from '../../../../shared/kube/port.ts'
import { SEALING_KEYS, SECRETS } from '../../../../shared/kube/resources.ts'
import { type Handler, object, type ScriptedServer, sendJson, sendStatus, serve } from './server.ts'

let server: ScriptedServer
let kube: Kube

async function start(handler: Handler, maxBodyBytes?: number): Promise<void> {
  server = await serve(handler)
  kube = connect(server.connection, { userAgent: 'test', ...(maxBodyBytes && { maxBodyBytes }) })
}

afterEach(async () => {
  kube.close()
  await server.close()
})

/** `count` Secrets, as many a page as asked for, the continue token being the index of the next. */
function collection(count: number): Handler {
  const all = Array.from({ length: count }, (_, index) => object(`s-${index}`, `${index}`))
  return ({ url }, response) => {
    const from = Number(url.searchParams.get('continue') ?? 0)
    const to = from + Number(url.searchParams.get('limit'))
    const metadata = { resourceVersion: `${100 + from}`, ...(to < count && { continue: String(to) }) }
    sendJson(response, { kind: 'SecretList', items: all.slice(from, to), metadata })
  }
}

const names = (count: number) => Array.from({ length: count }, (_, index) => `s-${index}`)

test('a collection is read page by page, and watched from where its first page stands', async () => {
  await start(collection(1200))
  const { items, resourceVersion } = await kube.list(SECRETS)
  expect(items.map(({ metadata }) => metadata.name)).toEqual(names(1200))
  expect(items[0]).toEqual({ metadata: { name: 's-0', namespace: 'team', resourceVersion: '0' } })
  expect(resourceVersion).toBe('100')
  expect(server.requests.map(({ url }) => url.search)).toEqual([
    '?limit=500',
    '?limit=500&continue=500',
    '?limit=500&continue=1000',
  ])
})

test('an empty collection, as an array or as null', async () => {
  await start(collection(0))
  expect(await kube.list(SECRETS)).toEqual({ items: [], resourceVersion: '100' })
  await server.close()
  await start((_, response) => sendJson(response, { items: null, metadata: { resourceVersion: '3' } }))
  expect(await kube.list(SEALING_KEYS)).toEqual({ items: [], resourceVersion: '3' })
})

test('selectors and namespace reach the server', async () => {
  await start(collection(0))
  const labelSelector = 'waxwing.dev/owned=true'
  await kube.list(SECRETS, { namespace: 'team', labelSelector, fieldSelector: 'type=Opaque' })
  const { url, headers } = server.requests[0] ?? {}
  expect(url?.pathname).toBe('/api/v1/namespaces/team/secrets')
  expect(Object.fromEntries(url?.searchParams ?? [])).toEqual({
    labelSelector,
    fieldSelector: 'type=Opaque',
    limit: '500',
  })
  expect(headers?.accept).toBe('application/json')
})

test('metadata only is asked for with no alternative', async () => {
  await start(collection(0))
  await kube.list(SECRETS, { metadataOnly: true })
  expect(server.requests[0]?.headers.accept).toBe(
    'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1',
  )
})

test('pages that are too large are asked for again smaller, and nothing is lost or doubled', async () => {
  await start(collection(120), 6000)
  const { items } = await kube.list(SECRETS)
  expect(items.map(({ metadata }) => metadata.name)).toEqual(names(120))
  expect(server.requests.slice(0, 3).map(({ url }) => url.searchParams.get('limit'))).toEqual([
    '500',
    '50',
    '50',
  ])
})

test('one object that is too large is an error', async () => {
  await start(collection(3), 50)
  await expect(kube.list(SECRETS)).rejects.toMatchObject({ code: 'EBODYTOOLARGE' })
  expect(server.requests.map(({ url }) => url.searchParams.get('limit'))).toEqual(['500', '50', '5', '1'])
})

test('an expired continue token is for the caller: list again', async () => {
  await start(({ url }, response) => {
    if (url.searchParams.has('continue')) return sendStatus(response, 410, 'Expired')
    sendJson(response, { items: [], metadata: { resourceVersion: '1', continue: 'x' } })
  })
  await expect(kube.list(SECRETS)).rejects.toMatchObject({ status: 410, reason: 'Expired' })
})

test('an answer that is no list is an error, not an endless loop', async () => {
  await start((_, response) => sendJson(response, { items: [] }))
  await expect(kube.list(SECRETS)).rejects.toMatchObject({ code: 'EBADBODY' })
  expect(server.requests).toHaveLength(1)
})

describe('as a stream', () => {
  const line = (type: string, body: object) => `${JSON.stringify({ type, object: body })}\n`
  const end = (resourceVersion: string) =>
    line('BOOKMARK', { metadata: { resourceVersion, annotations: { 'k8s.io/initial-events-end': 'true' } } })
  const nameOf = ({ metadata }: KubeObject) => `${metadata.name}@${metadata.resourceVersion}`
  const list = async () => {
    const told: string[] = []
    for await (const event of kube.listing(SECRETS, { namespace: 'team' }, { stream: true }))
      told.push(
        event.type === 'BOOKMARK'
          ? `${event.listed ? 'listed' : 'at'} ${event.resourceVersion}`
          : `${event.type} ${nameOf(event.object)}`,
      )
    return told
  }

  test('what there was comes object by object, with what happens meanwhile', async () => {
    await start((_, response) => {
      response.write(line('ADDED', object('a', '1')) + line('ADDED', object('b', '2')))
      response.write(line('BOOKMARK', { metadata: { resourceVersion: '3' } }))
      response.write(line('ADDED', object('c', '3')) + line('MODIFIED', object('a', '4')))
      // What comes after the end is for a watch from there.
      response.write(line('DELETED', object('b', '5')) + end('6') + line('DELETED', object('c', '7')))
    })
    expect(await list()).toEqual([
      'ADDED a@1',
      'ADDED b@2',
      'at 3',
      'ADDED c@3',
      'MODIFIED a@4',
      'DELETED b@5',
      'listed 6',
    ])
    expect(Object.fromEntries(server.requests[0]?.url.searchParams ?? [])).toEqual({
      watch: 'true',
      sendInitialEvents: 'true',
      resourceVersionMatch: 'NotOlderThan',
      allowWatchBookmarks: 'true',
      timeoutSeconds: '120',
    })
    await vi.waitFor(() => expect(server.openSockets.size).toBe(0))
  })

  test('a server that cannot is asked once, and then for pages', async () => {
    const pages = collection(2)
    await start((request, response) =>
      request.url.searchParams.has('watch') ? sendStatus(response, 422, 'Invalid') : pages(request, response),
    )
    for (let round = 0; round < 2; round += 1)
      expect(await list()).toEqual(['ADDED s-0@0', 'ADDED s-1@1', 'listed 100'])
    expect(server.requests.map(({ url }) => url.searchParams.has('watch'))).toEqual([true, false, false])
  })

  test('one that is cut off is no list; the next comes in pages, which no server cuts off, and then a stream again', async () => {
    const pages = collection(1)
    await start((request, response) => {
      if (request.url.searchParams.has('watch')) response.end(line('ADDED', object('a', '1')))
      else pages(request, response)
    })
    const cut = { name: 'NetworkError', code: 'ECONNRESET' }
    await expect(list()).rejects.toMatchObject(cut)
    expect(server.requests).toHaveLength(1)
    expect(await list()).toEqual(['ADDED s-0@0', 'listed 100'])
    await expect(list()).rejects.toMatchObject(cut)
    expect(server.requests.map(({ url }) => url.searchParams.has('watch'))).toEqual([true, false, true])
  })

  test('a server that is too busy is asked again, and other refusals are errors', async () => {
    const answers = [429, 403]
    await start((_, response) => {
      response.setHeader('Retry-After', '0.01')
      sendStatus(response, answers.shift() ?? 500, 'Refused')
    })
    await expect(list()).rejects.toMatchObject({ status: 403 })
    expect(answers).toEqual([])
  })
})
