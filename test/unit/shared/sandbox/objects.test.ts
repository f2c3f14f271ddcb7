import { describe, expect, test } from 'vitest'
import { JSON_PATCH, newNamespace, STRATEGIC, useSandbox } from './client.ts'

const client = useSandbox()

describe('objects', () => {
  test('are created, read, replaced, patched and deleted', async () => {
    const ns = await newNamespace(client, 'life')
    const made = await client.post(`${ns}/configmaps`, { metadata: { name: 'a' }, data: { x: '1' } })
    expect(made.status).toBe(201)
    expect(made.body).toMatchObject({ apiVersion: 'v1', kind: 'ConfigMap', data: { x: '1' } })
    expect(made.body.metadata).toMatchObject({
      name: 'a',
      namespace: 'life',
      uid: expect.stringMatching(/^[-0-9a-f]{36}$/),
      creationTimestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      resourceVersion: expect.stringMatching(/^\d+$/),
    })

    expect((await client.get(`${ns}/configmaps/a`)).body).toEqual(made.body)
    const { resourceVersion } = made.body.metadata
    const put = await client.put(`${ns}/configmaps/a`, {
      metadata: { name: 'a', resourceVersion },
      data: { x: '2' },
    })
    expect(put).toMatchObject({ status: 200, body: { data: { x: '2' } } })
    expect(put.body.metadata.uid).toBe(made.body.metadata.uid)
    const merged = await client.patch(`${ns}/configmaps/a`, { data: { x: null, y: '3' } })
    expect(merged.body.data).toEqual({ y: '3' })
    const patched = await client.patch(
      `${ns}/configmaps/a`,
      [{ op: 'add', path: '/data/z', value: '4' }],
      JSON_PATCH,
    )
    expect(patched.body.data).toEqual({ y: '3', z: '4' })
    const strategic = await client.patch(`${ns}/configmaps/a`, { data: { y: null } }, STRATEGIC)
    expect(strategic.body.data).toEqual({ z: '4' })

    const deleted = await client.delete(`${ns}/configmaps/a`)
    expect(deleted.body).toEqual({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Success',
      details: { name: 'a', kind: 'configmaps', uid: made.body.metadata.uid },
    })
    expect((await client.get(`${ns}/configmaps/a`)).status).toBe(404)
  })

  test('a write that changes nothing keeps the resourceVersion, whoever writes it', async () => {
    const ns = await newNamespace(client, 'noop')
    const made = await client.post(`${ns}/configmaps`, { metadata: { name: 'a' }, data: { x: '1' } })
    const again = await client.patch(`${ns}/configmaps/a`, { data: { x: '1', gone: null } })
    expect(again.body).toEqual(made.body)
    const put = await client.put(`${ns}/configmaps/a`, { metadata: { name: 'a' }, data: { x: '1' } })
    expect(put.body.metadata.resourceVersion).toBe(made.body.metadata.resourceVersion)
  })

  test('names can be generated', async () => {
    const ns = await newNamespace(client, 'generated')
    const { body } = await client.post(`${ns}/configmaps`, { metadata: { generateName: 'some-' } })
    expect(body.metadata.name).toMatch(/^some-[a-z0-9]{5}$/)
    expect(body.metadata.generateName).toBe('some-')
  })

  test('a rehearsal changes nothing', async () => {
    const ns = await newNamespace(client, 'dry')
    const made = await client.post(`${ns}/configmaps?dryRun=All`, { metadata: { name: 'a' } })
    expect(made.status).toBe(201)
    expect((await client.get(`${ns}/configmaps/a`)).status).toBe(404)
    await client.post(`${ns}/configmaps`, { metadata: { name: 'a' } })
    expect((await client.patch(`${ns}/configmaps/a?dryRun=All`, { data: { x: '1' } })).body.data).toEqual({
      x: '1',
    })
    await client.delete(`${ns}/configmaps/a?dryRun=All`)
    expect((await client.get(`${ns}/configmaps/a`)).body.data).toBeUndefined()
  })

  test('YAML comes in and goes out', async () => {
    const ns = await newNamespace(client, 'yaml')
    const made = await client.post(`${ns}/configmaps`, 'metadata: {name: a}\ndata: {x: "1"}\n', {
      type: 'application/yaml',
    })
    expect(made.body.data).toEqual({ x: '1' })
    const { headers, body } = await client.get(`${ns}/configmaps/a`, { accept: 'application/yaml' })
    expect(headers.get('content-type')).toBe('application/yaml')
    expect(body).toContain("x: '1'")
  })

  test('PUT creates only where the type allows it', async () => {
    const ns = await newNamespace(client, 'put')
    expect((await client.put(`${ns}/configmaps/a`, { metadata: { name: 'a' } })).status).toBe(404)
    const lease = await client.put('/apis/coordination.k8s.io/v1/namespaces/put/leases/a', {
      metadata: { name: 'a' },
    })
    expect(lease.status).toBe(201)
  })

  test('what has no namespace cannot be reached through one', async () => {
    expect((await client.get('/api/v1/namespaces/default/nodes')).status).toBe(404)
    expect((await client.get('/api/v1/nodes')).status).toBe(200)
  })
})

describe('refusals are Status objects in the words of the real server', () => {
  const refused = async (answer: Promise<{ status: number; body: unknown }>) => (await answer).body
  const configMap = (more: object) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'a' },
    ...more,
  })

  test('not found', async () => {
    expect(await refused(client.get('/api/v1/namespaces/default/secrets/x'))).toEqual({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: 'secrets "x" not found',
      reason: 'NotFound',
      details: { name: 'x', kind: 'secrets' },
      code: 404,
    })
    expect(await refused(client.get('/apis/apps/v1/namespaces/default/deployments/x'))).toMatchObject({
      message: 'deployments.apps "x" not found',
      details: { name: 'x', group: 'apps', kind: 'deployments' },
    })
    expect(await refused(client.post('/api/v1/namespaces/nowhere/configmaps', configMap({})))).toMatchObject({
      message: 'namespaces "nowhere" not found',
      details: { name: 'nowhere', kind: 'namespaces' },
    })
    expect(await refused(client.get('/apis/no.such/v1/things'))).toBe('404 page not found\n')
  })

  test('already there, and changed meanwhile', async () => {
    const ns = await newNamespace(client, 'conflicts')
    const { body } = await client.post(`${ns}/configmaps`, configMap({}))
    expect(await refused(client.post(`${ns}/configmaps`, configMap({})))).toMatchObject({
      code: 409,
      reason: 'AlreadyExists',
      message: 'configmaps "a" already exists',
    })
    await client.patch(`${ns}/configmaps/a`, { data: { x: '1' } })
    const { resourceVersion } = body.metadata
    const stale = {
      code: 409,
      reason: 'Conflict',
      message:
        'Operation cannot be fulfilled on configmaps "a": the object has been modified; please apply your changes to the latest version and try again',
      details: { name: 'a', kind: 'configmaps' },
    }
    expect(
      await refused(client.patch(`${ns}/configmaps/a`, { metadata: { resourceVersion } })),
    ).toMatchObject(stale)
    const put = configMap({ metadata: { name: 'a', resourceVersion } })
    expect(await refused(client.put(`${ns}/configmaps/a`, put))).toMatchObject(stale)
  })

  test('preconditions of a deletion', async () => {
    const ns = await newNamespace(client, 'preconditions')
    const { body } = await client.post(`${ns}/configmaps`, configMap({}))
    const { uid, resourceVersion } = body.metadata
    const other = await client.delete(`${ns}/configmaps/a`, { preconditions: { uid: 'other' } })
    expect(other.body).toMatchObject({
      code: 409,
      reason: 'Conflict',
      message: `Operation cannot be fulfilled on ConfigMap "a": the UID in the precondition (other) does not match the UID in record (${uid}). The object might have been deleted and then recreated`,
    })
    const old = await client.delete(`${ns}/configmaps/a`, { preconditions: { resourceVersion: '1' } })
    expect(old.body.message).toContain('the ResourceVersion in the precondition (1)')
    const right = await client.delete(`${ns}/configmaps/a`, { preconditions: { uid, resourceVersion } })
    expect(right.status).toBe(200)
  })

  test('bad metadata', async () => {
    const at = '/api/v1/namespaces/default/configmaps'
    expect(await refused(client.post(at, configMap({ metadata: { name: 'A_b' } })))).toMatchObject({
      code: 422,
      reason: 'Invalid',
      message: expect.stringMatching(
        /^ConfigMap "A_b" is invalid: metadata\.name: Invalid value: "A_b": a lowercase RFC 1123 subdomain/,
      ),
      details: {
        name: 'A_b',
        kind: 'ConfigMap',
        causes: [{ reason: 'FieldValueInvalid', field: 'metadata.name' }],
      },
    })
    expect(await refused(client.post(at, configMap({ metadata: {} })))).toMatchObject({
      message: 'ConfigMap "" is invalid: metadata.name: Required value: name or generateName is required',
    })
    const wrong = {
      metadata: {
        name: 'a',
        labels: { 'a b': 'c' },
        annotations: { x: 'y'.repeat(262_144) },
        finalizers: ['plain'],
      },
    }
    const { details } = (await client.post(at, configMap(wrong))).body
    expect(details.causes.map(({ field }: { field: string }) => field)).toEqual([
      'metadata.labels',
      'metadata.annotations',
      'metadata.finalizers[0]',
    ])
    const owners = [{ apiVersion: 'v1', kind: 'Secret', name: 'x' }]
    expect(
      await refused(client.post(at, configMap({ metadata: { name: 'a', ownerReferences: owners } }))),
    ).toMatchObject({
      details: { causes: [{ reason: 'FieldValueRequired', field: 'metadata.ownerReferences[0].uid' }] },
    })
  })

  test('bodies that are something else', async () => {
    const at = '/api/v1/namespaces/default/configmaps'
    const code = async (body: unknown, options = {}) => (await client.post(at, body, options)).body.code
    expect(await code({ ...configMap({}), kind: 'Secret' })).toBe(400)
    expect(await code({ ...configMap({}), apiVersion: 'v2' })).toBe(400)
    expect(await code(configMap({ metadata: { name: 'a', namespace: 'other' } }))).toBe(400)
    expect(await code(configMap({ metadata: { name: 'a', labels: { a: 1 } } }))).toBe(400)
    expect(await code(configMap({ data: { a: 1 } }))).toBe(400)
    expect(await code('{"metadata":')).toBe(400)
    expect(await code('[]')).toBe(400)
    expect(await code('x', { type: 'text/plain' })).toBe(415)
    expect(await code(configMap({ data: { a: 'x'.repeat(3 * 1024 * 1024) } }))).toBe(413)
    expect((await client.get(at, { accept: 'application/vnd.kubernetes.protobuf' })).status).toBe(406)
  })

  test('unknown and duplicate fields: refused, warned of, or passed over', async () => {
    const at = '/api/v1/namespaces/default/configmaps'
    const body = '{"metadata":{"name":"odd"},"dat":{},"data":{"a":"1","a":"2"}}'
    const strict = await client.post(`${at}?fieldValidation=Strict&dryRun=All`, body)
    expect(strict.body).toMatchObject({
      code: 400,
      message:
        'ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: duplicate field "data.a", unknown field "dat"',
    })
    const warned = await client.post(`${at}?fieldValidation=Warn&dryRun=All`, body)
    expect(warned.status).toBe(201)
    expect(warned.headers.get('warning')).toBe(
      '299 - "duplicate field \\"data.a\\"", 299 - "unknown field \\"dat\\""',
    )
    const ignored = await client.post(`${at}?fieldValidation=Ignore&dryRun=All`, body)
    expect(ignored.headers.get('warning')).toBeNull()
    expect(ignored.body).not.toHaveProperty('dat')
  })

  test('methods and subresources that are not there', async () => {
    expect((await client.put('/api/v1/namespaces/default/configmaps', {})).status).toBe(405)
    expect((await client.post('/api/v1/namespaces/default/configmaps/a', {})).status).toBe(405)
    expect((await client.get('/api/v1/namespaces/default/configmaps/a/status')).status).toBe(404)
    expect((await client.delete('/api/v1/namespaces')).status).toBe(405)
  })
})
