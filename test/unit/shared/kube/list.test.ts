import { afterEach, expect, test } from 'vitest'
import { connect } from '../../../../shared/kube/client.ts'
import type { Kube } from '../../../../shared/kube/port.ts'
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
