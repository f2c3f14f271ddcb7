import { describe, expect, test } from 'vitest'
import { eventually, newNamespace, useSandbox } from './client.ts'

const client = useSandbox()
const gone = async (path: string) => (await client.get(path)).status === 404

interface Owner {
  metadata: { name: string; uid: string }
}
const reference = ({ metadata: { name, uid } }: Owner, more: object = {}) => {
  return { apiVersion: 'v1', kind: 'ConfigMap', name, uid, ...more }
}

describe('finalizers', () => {
  test('hold an object until the last is gone', async () => {
    const ns = await newNamespace(client, 'held')
    await client.post(`${ns}/configmaps`, { metadata: { name: 'a', finalizers: ['x.y/one', 'x.y/two'] } })
    const marked = await client.delete(`${ns}/configmaps/a`)
    expect(marked.body.metadata).toMatchObject({
      deletionTimestamp: expect.any(String),
      deletionGracePeriodSeconds: 0,
    })
    expect((await client.delete(`${ns}/configmaps/a`)).body).toEqual(marked.body)
    const added = await client.patch(`${ns}/configmaps/a`, {
      metadata: { finalizers: ['x.y/one', 'x.y/three'] },
    })
    expect(added.body.message).toContain(
      'metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{"x.y/three"}',
    )
    expect((await client.patch(`${ns}/configmaps/a`, { metadata: { finalizers: ['x.y/two'] } })).status).toBe(
      200,
    )
    expect((await client.patch(`${ns}/configmaps/a`, { metadata: { finalizers: [] } })).status).toBe(200)
    expect(await gone(`${ns}/configmaps/a`)).toBe(true)
  })
})

describe('garbage collection', () => {
  async function family(name: string, more: object = {}) {
    const ns = await newNamespace(client, name)
    const { body: owner } = await client.post(`${ns}/configmaps`, { metadata: { name: 'owner' } })
    await client.post(`${ns}/secrets`, {
      metadata: { name: 'owned', ownerReferences: [reference(owner, more)] },
    })
    return { ns, owner }
  }

  test('what is owned goes with its owner, and what that owns too', async () => {
    const { ns } = await family('background')
    const { body: owned } = await client.get(`${ns}/secrets/owned`)
    await client.post(`${ns}/secrets`, {
      metadata: { name: 'grandchild', ownerReferences: [reference(owned)] },
    })
    await client.delete(`${ns}/configmaps/owner`)
    await eventually(() => gone(`${ns}/secrets/owned`))
    await eventually(() => gone(`${ns}/secrets/grandchild`))
  })

  test('a second owner keeps it, and the dead reference goes', async () => {
    const { ns } = await family('shared')
    const { body: second } = await client.post(`${ns}/configmaps`, { metadata: { name: 'second' } })
    const { body: owned } = await client.get(`${ns}/secrets/owned`)
    const ownerReferences = [...owned.metadata.ownerReferences, reference(second)]
    await client.patch(`${ns}/secrets/owned`, { metadata: { ownerReferences } })
    await client.delete(`${ns}/configmaps/owner`)
    await eventually(
      async () => (await client.get(`${ns}/secrets/owned`)).body.metadata.ownerReferences.length === 1,
    )
    await client.delete(`${ns}/configmaps/second`)
    await eventually(() => gone(`${ns}/secrets/owned`))
  })

  test('an owner that never was, or stands in another namespace, is none', async () => {
    const { owner } = await family('here')
    const elsewhere = await newNamespace(client, 'elsewhere')
    const never = reference({ metadata: { name: 'never', uid: '00000000-0000-0000-0000-000000000000' } })
    await client.post(`${elsewhere}/secrets`, { metadata: { name: 'a', ownerReferences: [never] } })
    await client.post(`${elsewhere}/secrets`, {
      metadata: { name: 'b', ownerReferences: [reference(owner)] },
    })
    await eventually(() => gone(`${elsewhere}/secrets/a`))
    await eventually(() => gone(`${elsewhere}/secrets/b`))
    expect(await gone('/api/v1/namespaces/here/secrets/owned')).toBe(false)
  })

  test('an orphan stays', async () => {
    const { ns } = await family('orphan')
    await client.delete(`${ns}/configmaps/owner?propagationPolicy=Orphan`)
    await eventually(() => gone(`${ns}/configmaps/owner`))
    expect((await client.get(`${ns}/secrets/owned`)).body.metadata).not.toHaveProperty('ownerReferences')
  })

  test('in the foreground the owner waits for what blocks it', async () => {
    const { ns } = await family('foreground', { blockOwnerDeletion: true })
    await client.patch(`${ns}/secrets/owned`, { metadata: { finalizers: ['x.y/hold'] } })
    const { body } = await client.delete(`${ns}/configmaps/owner`, { propagationPolicy: 'Foreground' })
    expect(body.metadata.finalizers).toEqual(['foregroundDeletion'])
    await eventually(
      async () => (await client.get(`${ns}/secrets/owned`)).body.metadata.deletionTimestamp !== undefined,
    )
    expect(await gone(`${ns}/configmaps/owner`)).toBe(false)
    await client.patch(`${ns}/secrets/owned`, { metadata: { finalizers: null } })
    await eventually(() => gone(`${ns}/configmaps/owner`))
  })
})

describe('namespaces', () => {
  test('start active, with a label that carries their name', async () => {
    await newNamespace(client, 'fresh')
    const { body } = await client.get('/api/v1/namespaces/fresh')
    expect(body).toMatchObject({
      metadata: { labels: { 'kubernetes.io/metadata.name': 'fresh' } },
      spec: { finalizers: ['kubernetes'] },
      status: { phase: 'Active' },
    })
    const named = await client.post('/api/v1/namespaces', { metadata: { name: 'with.dot' } })
    expect(named.body.message).toContain('must not contain dots')
  })

  test('end when they are empty, and take nothing new meanwhile', async () => {
    const ns = await newNamespace(client, 'ending')
    await client.post(`${ns}/configmaps`, { metadata: { name: 'plain' } })
    await client.post(`${ns}/configmaps`, { metadata: { name: 'held', finalizers: ['x.y/hold'] } })
    const { body } = await client.delete(ns)
    expect(body).toMatchObject({ kind: 'Namespace', status: { phase: 'Terminating' } })
    await eventually(() => gone(`${ns}/configmaps/plain`))
    expect((await client.post(`${ns}/configmaps`, { metadata: { name: 'late' } })).body).toMatchObject({
      code: 403,
      reason: 'Forbidden',
      message:
        'configmaps "late" is forbidden: unable to create new content in namespace ending because it is being terminated',
      details: { causes: [{ reason: 'NamespaceTerminating', field: 'metadata.namespace' }] },
    })
    await client.patch(`${ns}/configmaps/held`, { metadata: { finalizers: null } })
    await eventually(() => gone(ns))
  })

  test('some may not be deleted', async () => {
    expect((await client.delete('/api/v1/namespaces/default')).body).toMatchObject({
      code: 403,
      message: 'namespaces "default" is forbidden: this namespace may not be deleted',
    })
  })
})
