import { createServer, type IncomingMessage } from 'node:http'
import { request } from 'node:https'
import { load } from 'js-yaml'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startSandbox } from '../../../../shared/sandbox/start.ts'
import { eventually, newNamespace, useSandbox } from './client.ts'

const client = useSandbox({ tokens: { 'second-token': 'second' } })

describe('who may ask', () => {
  test('nobody without a token; anybody whether the server is well', async () => {
    const status = async (path: string, token?: string) => {
      const headers = token === undefined ? {} : { Authorization: `Bearer ${token}` }
      return (await fetch(client.sandbox.url + path, { headers })).status
    }
    expect(await status('/api/v1/secrets')).toBe(401)
    expect(await status('/api/v1/secrets', 'wrong')).toBe(401)
    expect(await status('/api/v1/secrets', 'second-token')).toBe(200)
    for (const path of ['/healthz', '/livez', '/readyz', '/version']) expect(await status(path)).toBe(200)
    const refused = await fetch(`${client.sandbox.url}/api/v1/secrets`)
    expect(await refused.json()).toMatchObject({ kind: 'Status', code: 401, reason: 'Unauthorized' })
  })

  test('everybody is told who he is and that he may', async () => {
    const who = await client.post('/apis/authentication.k8s.io/v1/selfsubjectreviews', {})
    expect(who.body.status.userInfo.username).toBe('admin')
    const may = await client.post('/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', { spec: {} })
    expect(may.body.status).toEqual({ allowed: true })
  })
})

describe('discovery', () => {
  test('names groups, versions and resources', async () => {
    expect((await client.get('/api')).body).toMatchObject({ kind: 'APIVersions', versions: ['v1'] })
    const groups = (await client.get('/apis')).body.groups.map(({ name }: { name: string }) => name)
    expect(groups).toEqual(expect.arrayContaining(['apps', 'coordination.k8s.io', 'events.k8s.io']))
    const core = (await client.get('/api/v1')).body
    expect(core).toMatchObject({ kind: 'APIResourceList', groupVersion: 'v1' })
    expect(core.resources).toContainEqual(
      expect.objectContaining({
        name: 'configmaps',
        kind: 'ConfigMap',
        namespaced: true,
        shortNames: ['cm'],
      }),
    )
    expect(core.resources).toContainEqual(expect.objectContaining({ name: 'namespaces/status' }))
    expect((await client.get('/apis/apps')).body).toMatchObject({ kind: 'APIGroup', name: 'apps' })
    expect((await client.get('/apis/none')).status).toBe(404)
  })

  test('comes in one piece to those who ask for it', async () => {
    const accept = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json'
    const { headers, body } = await client.get('/apis', { accept })
    expect(headers.get('content-type')).toContain('as=APIGroupDiscoveryList')
    expect(body).toMatchObject({ kind: 'APIGroupDiscoveryList', apiVersion: 'apidiscovery.k8s.io/v2' })
    const leases = body.items.find(
      (group: { metadata: { name: string } }) => group.metadata.name === 'coordination.k8s.io',
    )
    expect(leases.versions[0].resources[0]).toMatchObject({ resource: 'leases', scope: 'Namespaced' })
  })

  test('describes itself as far as kubectl asks', async () => {
    const { paths } = (await client.get('/openapi/v3')).body
    const document = (await client.get(paths['api/v1'].serverRelativeURL)).body
    const { patch } = document.paths['/api/v1/namespaces/{namespace}/secrets/{name}']
    expect(patch['x-kubernetes-group-version-kind']).toEqual({ group: '', version: 'v1', kind: 'Secret' })
    expect(patch.parameters).toContainEqual(expect.objectContaining({ name: 'fieldValidation', in: 'query' }))
  })
})

describe('the audit', () => {
  test('has every write once, with its outcome, and no read', async () => {
    const ns = await newNamespace(client, 'audited')
    const before = client.sandbox.audit().length
    await client.post(`${ns}/secrets`, { metadata: { generateName: 'x-' } })
    await client.get(`${ns}/secrets`)
    await client.patch(`${ns}/secrets/none`, {})
    await client.patch(`${ns}/status`, { status: { phase: 'Active' } })
    await client.delete(`${ns}/secrets`)
    const events = client.sandbox.audit().slice(before)
    expect(
      events.map(({ verb, resource, subresource, namespace, name, code }) => [
        verb,
        resource,
        subresource,
        namespace,
        name,
        code,
      ]),
    ).toEqual([
      ['create', 'secrets', '', 'audited', expect.stringMatching(/^x-/), 201],
      ['patch', 'secrets', '', 'audited', 'none', 404],
      ['patch', 'namespaces', 'status', 'audited', 'audited', 200],
      ['deletecollection', 'secrets', '', 'audited', '', 200],
    ])
    expect(events[0]).toMatchObject({
      user: 'admin',
      userAgent: 'unit-test/1.0',
      at: expect.stringMatching(/Z$/),
    })
  })
})

describe('the service proxy', () => {
  const seen: IncomingMessage[] = []
  const backend = createServer((incoming, response) => {
    seen.push(incoming)
    incoming.resume().on('end', () => {
      response
        .writeHead(incoming.url === '/missing' ? 404 : 200, { 'X-Answer': 'yes' })
        .end(`${incoming.method} ${incoming.url}`)
    })
  })
  beforeAll(async () => {
    await new Promise<void>((resolve) => backend.listen(0, '127.0.0.1', resolve))
    const address = backend.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    client.sandbox.exposeService('default', 'web', 'http', `http://127.0.0.1:${port}`)
    client.sandbox.exposeService('default', 'dead', 80, 'http://127.0.0.1:1')
  })
  afterAll(() => void backend.close())

  const proxied = (service: string) => `/api/v1/namespaces/default/services/${service}/proxy`

  test('forwards path, query, body and headers, but never the token', async () => {
    const answer = await client.get(`${proxied('http:web:http')}/v1/keys?all=1`, {
      headers: { 'X-Waxwing-Token': 't' },
    })
    expect(answer.body).toBe('GET /v1/keys?all=1')
    expect(answer.headers.get('x-answer')).toBe('yes')
    expect(seen.at(-1)?.headers).toMatchObject({ 'x-waxwing-token': 't' })
    expect(seen.at(-1)?.headers).not.toHaveProperty('authorization')
    expect((await client.post(`${proxied('web:http')}/v1/verify`, { a: 1 })).body).toBe('POST /v1/verify')
    expect((await client.get(proxied('web:http'))).body).toBe('GET /')
    expect((await client.get(`${proxied('web:http')}/missing`)).status).toBe(404)
  })

  test('says when there is nobody', async () => {
    expect((await client.get(`${proxied('web:other')}/`)).body).toMatchObject({
      code: 503,
      message: 'no endpoints available for service "web"',
    })
    expect((await client.get(`${proxied('dead:80')}/`)).body).toMatchObject({
      code: 503,
      reason: 'ServiceUnavailable',
    })
  })
})

describe('the server', () => {
  test('speaks TLS by default, with a certificate that its kubeconfig trusts', async () => {
    const sandbox = await startSandbox()
    const config = load(sandbox.kubeconfig()) as {
      clusters: { cluster: Record<string, string> }[]
      users: { user: Record<string, string> }[]
    }
    const cluster = config.clusters[0]?.cluster ?? {}
    expect(cluster.server).toBe(sandbox.url)
    const ca = Buffer.from(cluster['certificate-authority-data'] ?? '', 'base64').toString()
    expect(ca).toBe(sandbox.caPem)
    const status = await new Promise((resolve, reject) => {
      const headers = { Authorization: `Bearer ${config.users[0]?.user.token}` }
      request(`${sandbox.url}/api/v1/namespaces`, { ca, headers, agent: false }, (response) => {
        response.resume()
        resolve(response.statusCode)
      })
        .on('error', reject)
        .end()
    })
    expect(status).toBe(200)
    await sandbox.stop()
  })

  test('stops with watches open, and is gone', async () => {
    const sandbox = await startSandbox({ tls: false })
    const headers = { Authorization: `Bearer ${sandbox.token}` }
    const response = await fetch(`${sandbox.url}/api/v1/secrets?watch=true`, { headers })
    await eventually(async () => sandbox.openWatches() === 1)
    const ended = response.text().then(
      () => 'ended',
      () => 'broken',
    )
    await sandbox.stop()
    expect(await ended).toMatch(/ended|broken/)
    await expect(fetch(sandbox.url)).rejects.toThrow()
  })
})
