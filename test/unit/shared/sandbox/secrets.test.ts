import { describe, expect, test } from 'vitest'
import { newNamespace, useSandbox } from './client.ts'

const client = useSandbox()
const at = '/api/v1/namespaces/default/secrets'
const base64 = (text: string) => Buffer.from(text).toString('base64')

describe('Secrets', () => {
  test('stringData goes into data and wins there; the type is Opaque unless said', async () => {
    const { body } = await client.post(at, {
      metadata: { name: 'a' },
      data: { a: base64('1') },
      stringData: { a: '2', b: 'ü' },
    })
    expect(body).toMatchObject({ type: 'Opaque', data: { a: base64('2'), b: base64('ü') } })
    expect(body).not.toHaveProperty('stringData')
    const patched = await client.patch(`${at}/a`, { stringData: { c: '3' } })
    expect(patched.body.data).toEqual({ a: base64('2'), b: base64('ü'), c: base64('3') })
    expect((await client.put(`${at}/a`, { metadata: { name: 'a' }, data: {} })).body.type).toBe('Opaque')
  })

  test('the type stays', async () => {
    await client.post(at, { metadata: { name: 'typed' } })
    expect((await client.patch(`${at}/typed`, { type: 'other' })).body).toMatchObject({
      code: 422,
      message: 'Secret "typed" is invalid: type: Invalid value: "other": field is immutable',
    })
  })

  test('an immutable one keeps its data and stays so, but takes labels', async () => {
    await client.post(at, { metadata: { name: 'fixed' }, immutable: true, data: { a: base64('1') } })
    const { body } = await client.patch(`${at}/fixed`, { immutable: null, data: { a: base64('2') } })
    expect(body.details.causes).toEqual([
      {
        reason: 'FieldValueForbidden',
        message: 'Forbidden: field is immutable when `immutable` is set',
        field: 'immutable',
      },
      {
        reason: 'FieldValueForbidden',
        message: 'Forbidden: field is immutable when `immutable` is set',
        field: 'data',
      },
    ])
    expect((await client.patch(`${at}/fixed`, { metadata: { labels: { a: 'b' } } })).status).toBe(200)
  })

  test.each([
    ['a b', 'data[a b]'],
    ['..', 'data[..]'],
    ['..x', 'data[..x]'],
    ['x'.repeat(254), `data[${'x'.repeat(254)}]`],
  ])('the key %s is refused', async (key, field) => {
    const { body } = await client.post(at, { metadata: { name: 'k' }, data: { [key]: '' } })
    expect(body).toMatchObject({ code: 422, details: { causes: [{ reason: 'FieldValueInvalid', field }] } })
  })

  test.each([
    ['?', 0],
    ['YQ', 0],
    ['YQ=', 3],
    ['YWJjZ', 4],
    ['YQ=x', 3],
    ['YW?=', 2],
  ])('%s is not base64 from byte %i on', async (value, byte) => {
    const { body } = await client.post(at, { metadata: { name: 'k' }, data: { a: value } })
    expect(body).toMatchObject({
      code: 400,
      message: `Secret in version "v1" cannot be handled as a Secret: illegal base64 data at input byte ${byte}`,
    })
  })

  test('data may have 1,048,576 bytes and not one more', async () => {
    const ns = await newNamespace(client, 'large')
    const data = (bytes: number) => ({
      metadata: { name: `b${bytes}` },
      data: { a: Buffer.alloc(bytes).toString('base64') },
    })
    expect((await client.post(`${ns}/secrets`, data(1_048_576))).status).toBe(201)
    expect((await client.post(`${ns}/secrets`, data(1_048_577))).body).toMatchObject({
      message: 'Secret "b1048577" is invalid: data: Too long: may not be more than 1048576 bytes',
    })
  })

  test.each([
    ['kubernetes.io/tls', {}, ['data[tls.crt]', 'data[tls.key]']],
    ['kubernetes.io/ssh-auth', {}, ['data[ssh-privatekey]']],
    ['kubernetes.io/basic-auth', {}, ['data[username]', 'data[password]']],
    ['kubernetes.io/dockerconfigjson', {}, ['data[.dockerconfigjson]']],
    ['kubernetes.io/dockerconfigjson', { '.dockerconfigjson': base64('no') }, ['data[.dockerconfigjson]']],
    ['kubernetes.io/service-account-token', {}, ['metadata.annotations[kubernetes.io/service-account.name]']],
  ])('a %s with %j wants %j', async (type, data, fields) => {
    const { body } = await client.post(at, { metadata: { name: 't' }, type, data })
    expect(body.details.causes.map(({ field }: { field: string }) => field)).toEqual(fields)
  })

  test('junk in a well-known type passes, as on a real server', async () => {
    const data = { 'tls.crt': base64('junk'), 'tls.key': base64('junk') }
    expect(
      (await client.post(at, { metadata: { name: 'junk' }, type: 'kubernetes.io/tls', data })).status,
    ).toBe(201)
  })

  test('can be selected by type', async () => {
    const ns = await newNamespace(client, 'types')
    await client.post(`${ns}/secrets`, { metadata: { name: 'a' }, type: 'x/y' })
    await client.post(`${ns}/secrets`, { metadata: { name: 'b' } })
    const { body } = await client.get(`${ns}/secrets?fieldSelector=type=x/y`)
    expect(body.items.map((item: { metadata: { name: string } }) => item.metadata.name)).toEqual(['a'])
  })
})

describe('Leases', () => {
  const leases = '/apis/coordination.k8s.io/v1/namespaces/default/leases'

  test('want microseconds, as the real server does', async () => {
    const lease = (renewTime: string) => ({
      metadata: { name: 'l' },
      spec: { holderIdentity: 'me', renewTime },
    })
    const { body } = await client.post(leases, lease('2026-01-01T00:00:00.000Z'))
    expect(body).toMatchObject({
      code: 400,
      message: expect.stringContaining('parsing time "2026-01-01T00:00:00.000Z"'),
    })
    expect((await client.post(leases, lease('2026-01-01T00:00:00.000000Z'))).status).toBe(201)
  })

  test('have positive durations', async () => {
    const { body } = await client.post(leases, { metadata: { name: 'z' }, spec: { leaseDurationSeconds: 0 } })
    expect(body.details.causes).toMatchObject([{ field: 'spec.leaseDurationSeconds' }])
  })
})

describe('Events', () => {
  const event = {
    metadata: { name: 'e' },
    eventTime: '2026-01-01T00:00:00.000000Z',
    reportingController: 'waxwing.dev/controller',
    reportingInstance: 'one',
    action: 'Reconcile',
    reason: 'Tampered',
    type: 'Warning',
    note: 'words',
    regarding: { apiVersion: 'v1', kind: 'Secret', name: 'a', namespace: 'default' },
  }

  test('are the same objects in both versions', async () => {
    const made = await client.post('/apis/events.k8s.io/v1/namespaces/default/events', event)
    expect(made.body).toMatchObject({ ...event, apiVersion: 'events.k8s.io/v1', metadata: { name: 'e' } })
    const old = await client.get('/api/v1/namespaces/default/events/e')
    expect(old.body).toMatchObject({
      apiVersion: 'v1',
      message: 'words',
      involvedObject: { kind: 'Secret', name: 'a' },
      reportingComponent: 'waxwing.dev/controller',
      metadata: { resourceVersion: made.body.metadata.resourceVersion },
    })
    const selector = 'involvedObject.name=a,involvedObject.kind=Secret,reason=Tampered,type=Warning'
    expect((await client.get(`/api/v1/events?fieldSelector=${selector}`)).body.items).toHaveLength(1)
    const series = { series: { count: 2, lastObservedTime: '2026-01-01T00:00:01.000000Z' } }
    const patched = await client.patch('/apis/events.k8s.io/v1/namespaces/default/events/e', series)
    expect(patched.body).toMatchObject({ ...series, note: 'words' })
  })

  test('of the newer version must be whole', async () => {
    const bare = { metadata: { name: 'f' }, regarding: event.regarding }
    const { body } = await client.post('/apis/events.k8s.io/v1/namespaces/default/events', bare)
    expect(body.details.causes.map(({ field }: { field: string }) => field)).toEqual(['eventTime', 'type'])
    const late = { ...event, metadata: { name: 'f' }, action: '', note: 'x'.repeat(1025) }
    const long = await client.post('/apis/events.k8s.io/v1/namespaces/default/events', late)
    expect(long.body.details.causes.map(({ field }: { field: string }) => field)).toEqual([
      'action',
      'message',
    ])
  })

  test('stand in the namespace of what they are about', async () => {
    const elsewhere = {
      ...event,
      metadata: { name: 'g' },
      regarding: { ...event.regarding, namespace: 'other' },
    }
    const { body } = await client.post('/apis/events.k8s.io/v1/namespaces/default/events', elsewhere)
    expect(body.details.causes).toMatchObject([{ field: 'involvedObject.namespace' }])
  })
})
