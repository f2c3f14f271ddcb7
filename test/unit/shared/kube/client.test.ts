import type { IncomingHttpHeaders } from 'node:http'
import { afterEach, expect, test } from 'vitest'
import { connect } from '../../../../shared/kube/client.ts'
import type { Kube } from '../../../../shared/kube/port.ts'
import { NAMESPACES, SEALED_SECRETS, SECRETS } from '../../../../shared/kube/resources.ts'
import { type Handler, object, type ScriptedServer, sendJson, serve } from './server.ts'

let server: ScriptedServer
let kube: Kube

async function start(handler: Handler): Promise<void> {
  server = await serve(handler)
  kube = connect(server.connection, { userAgent: 'waxwing-test/1' })
}

afterEach(async () => {
  kube.close()
  await server.close()
})

const id = { namespace: 'team', name: 'db' }
const echo: Handler = ({ body }, response) =>
  sendJson(response, body === '' ? object('db', '7') : { ...JSON.parse(body), seen: true })

function lastRequest() {
  const { method, url, headers, body } = server.requests.at(-1) ?? { headers: {} }
  return {
    line: `${method} ${url?.pathname}${url?.search}`,
    contentType: headers['content-type'],
    body: body ? JSON.parse(body) : undefined,
  }
}

test('get reads one object, without managedFields', async () => {
  await start(echo)
  expect(await kube.get(SECRETS, id)).toEqual({
    metadata: { name: 'db', namespace: 'team', resourceVersion: '7' },
  })
  expect(lastRequest().line).toBe('GET /api/v1/namespaces/team/secrets/db')
  expect(server.requests[0]?.headers).toMatchObject({
    'user-agent': 'waxwing-test/1',
    accept: 'application/json',
  })
})

test('create posts the object to its collection', async () => {
  await start(echo)
  const secret = { metadata: { ...id }, type: 'Opaque' }
  expect(await kube.create(SECRETS, secret)).toEqual({ ...secret, seen: true })
  expect(lastRequest()).toEqual({
    line: 'POST /api/v1/namespaces/team/secrets',
    contentType: 'application/json',
    body: secret,
  })
  await kube.create(NAMESPACES, { metadata: { name: 'new' } })
  expect(lastRequest().line).toBe('POST /api/v1/namespaces')
})

test('mergePatch sends nulls, and may address the status', async () => {
  await start(echo)
  await kube.mergePatch(SECRETS, id, { data: { old: null } })
  expect(lastRequest()).toEqual({
    line: 'PATCH /api/v1/namespaces/team/secrets/db',
    contentType: 'application/merge-patch+json',
    body: { data: { old: null } },
  })
  await kube.mergePatch(SEALED_SECRETS, id, { status: {} }, { subresource: 'status' })
  expect(lastRequest().line).toBe('PATCH /apis/waxwing.dev/v1alpha1/namespaces/team/sealedsecrets/db/status')
})

test('a status is put without the spec, on the version it is given, and only metadata is asked for', async () => {
  await start(echo)
  const metadata = { ...id, uid: 'u-1', resourceVersion: '7', labels: { a: 'b' } }
  await kube.replaceStatus(SEALED_SECRETS, { metadata, spec: {}, status: { observedGeneration: 1 } } as never)
  expect(lastRequest()).toMatchObject({
    line: 'PUT /apis/waxwing.dev/v1alpha1/namespaces/team/sealedsecrets/db/status',
    contentType: 'application/json',
    body: {
      apiVersion: 'waxwing.dev/v1alpha1',
      kind: 'SealedSecret',
      metadata: { ...id, uid: 'u-1', resourceVersion: '7' },
      status: { observedGeneration: 1 },
    },
  })
  expect(lastRequest().body).not.toHaveProperty('spec')
  expect(lastRequest().body.metadata).not.toHaveProperty('labels')
  expect(server.requests.at(-1)?.headers.accept).toMatch(/as=PartialObjectMetadata;/)
})

test('delete sends the preconditions it is given', async () => {
  await start(echo)
  await kube.delete(SECRETS, id, { uid: 'u-1', resourceVersion: '7' })
  expect(lastRequest()).toMatchObject({
    line: 'DELETE /api/v1/namespaces/team/secrets/db',
    body: { kind: 'DeleteOptions', preconditions: { uid: 'u-1', resourceVersion: '7' } },
  })
  await kube.delete(SECRETS, id)
  expect(lastRequest().body.preconditions).toEqual({})
})

test('apply names its manager', async () => {
  await start(echo)
  await kube.apply(SECRETS, { metadata: id }, { fieldManager: 'waxwing demo', force: true })
  expect(lastRequest()).toMatchObject({
    line: 'PATCH /api/v1/namespaces/team/secrets/db?fieldManager=waxwing%20demo&force=true',
    contentType: 'application/apply-patch+yaml',
  })
})

test('raw gives the text of any path', async () => {
  await start((_, response) => response.end('# metrics'))
  expect(await kube.raw('/api/v1/namespaces/w/services/w:http/proxy/v1/keys?all=1')).toBe('# metrics')
  expect(lastRequest().line).toBe('GET /api/v1/namespaces/w/services/w:http/proxy/v1/keys?all=1')
})

test('post sends a text and headers of its own, and never in the place of the credentials', async () => {
  let headers: IncomingHttpHeaders = {}
  await start((request, response) => {
    headers = request.headers
    response.end('told')
  })
  const own = { 'X-Waxwing-Token': 't', 'Content-Type': 'application/yaml' }
  expect(await kube.post('/api/v1/x/proxy/v1/verify?a=1', '{"a": 1}', { headers: own })).toBe('told')
  expect(lastRequest()).toMatchObject({ line: 'POST /api/v1/x/proxy/v1/verify?a=1', body: { a: 1 } })
  expect(headers['x-waxwing-token']).toBe('t')
})

test('a server below a path keeps that path', async () => {
  await start(echo)
  const below = connect(
    { ...server.connection, server: `${server.connection.server}/k8s/clusters/c-1/` },
    { userAgent: 't' },
  )
  await below.get(SECRETS, id)
  below.close()
  expect(lastRequest().line).toBe('GET /k8s/clusters/c-1/api/v1/namespaces/team/secrets/db')
})

test('ids that would mean another resource never leave the process', async () => {
  await start(echo)
  for (const name of ['', '.', '..']) {
    await expect(kube.get(SECRETS, { namespace: 'team', name })).rejects.toThrow(TypeError)
    await expect(kube.delete(SECRETS, { namespace: 'team', name })).rejects.toThrow(TypeError)
  }
  expect(server.requests).toEqual([])
})
