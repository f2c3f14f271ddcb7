import { beforeAll, describe, expect, test } from 'vitest'
import { newNamespace, useSandbox } from './client.ts'

const client = useSandbox({ historySize: 20 })
let ns = ''
const names = (body: { items: { metadata: { name: string } }[] }) =>
  body.items.map(({ metadata }) => metadata.name)

beforeAll(async () => {
  ns = await newNamespace(client, 'lists')
  for (const name of ['e', 'b', 'd', 'a', 'c']) {
    await client.post(`${ns}/secrets`, {
      metadata: { name, labels: { name, odd: String('ace'.includes(name)) } },
    })
  }
})

describe('lists', () => {
  test('are in order, and their items do not repeat the kind', async () => {
    const { body } = await client.get(`${ns}/secrets`)
    expect(body).toMatchObject({ kind: 'SecretList', apiVersion: 'v1' })
    expect(names(body)).toEqual(['a', 'b', 'c', 'd', 'e'])
    expect(body.items[0]).not.toHaveProperty('kind')
    expect(names((await client.get('/api/v1/secrets')).body)).toEqual(['a', 'b', 'c', 'd', 'e'])
    expect((await client.get('/api/v1/namespaces/default/secrets')).body.items).toEqual([])
  })

  test('come in pages that show one state', async () => {
    const first = (await client.get(`${ns}/secrets?limit=2`)).body
    expect(names(first)).toEqual(['a', 'b'])
    expect(first.metadata.remainingItemCount).toBe(3)
    await client.post(`${ns}/secrets`, { metadata: { name: 'bb' } })
    await client.delete(`${ns}/secrets/d`)
    const second = (await client.get(`${ns}/secrets?limit=2&continue=${first.metadata.continue}`)).body
    expect(names(second)).toEqual(['c', 'd'])
    expect(second.metadata.resourceVersion).toBe(first.metadata.resourceVersion)
    const last = (await client.get(`${ns}/secrets?limit=2&continue=${second.metadata.continue}`)).body
    expect(names(last)).toEqual(['e'])
    expect(last.metadata).not.toHaveProperty('continue')
    await client.delete(`${ns}/secrets/bb`)
    await client.post(`${ns}/secrets`, { metadata: { name: 'd', labels: { name: 'd' } } })
  })

  test('a page that is too old is 410, with a token for the rest as it is now', async () => {
    const first = (await client.get(`${ns}/secrets?limit=2`)).body
    await client.patch(`${ns}/secrets/e`, { metadata: { labels: { x: 'y' } } })
    client.sandbox.compact()
    const gone = (await client.get(`${ns}/secrets?limit=2&continue=${first.metadata.continue}`)).body
    expect(gone).toMatchObject({ code: 410, reason: 'Expired', metadata: { continue: expect.any(String) } })
    const rest = (await client.get(`${ns}/secrets?continue=${gone.metadata.continue}`)).body
    expect(names(rest)).toEqual(['c', 'd', 'e'])
    expect((await client.get(`${ns}/secrets?continue=x`)).status).toBe(400)
  })

  test('select by label and field', async () => {
    const list = async (query: string) => names((await client.get(`${ns}/secrets?${query}`)).body)
    expect(await list('labelSelector=name%20in%20(a,b)')).toEqual(['a', 'b'])
    expect(await list('labelSelector=odd!=true,name')).toEqual(['b', 'd'])
    expect(await list('fieldSelector=metadata.name=c')).toEqual(['c'])
    expect(await list('fieldSelector=metadata.name!=c,metadata.namespace=lists')).toEqual([
      'a',
      'b',
      'd',
      'e',
    ])
    expect((await client.get(`${ns}/secrets?fieldSelector=data.x=y`)).body).toMatchObject({
      code: 400,
      message: 'field label not supported: data.x',
    })
  })

  test('show an earlier state on demand, and none that is yet to come', async () => {
    const { resourceVersion } = (await client.get(`${ns}/secrets`)).body.metadata
    await client.post(`${ns}/secrets`, { metadata: { name: 'zz' } })
    const exact = `resourceVersionMatch=Exact&resourceVersion=${resourceVersion}`
    expect(names((await client.get(`${ns}/secrets?${exact}`)).body)).not.toContain('zz')
    expect(names((await client.get(`${ns}/secrets?resourceVersion=${resourceVersion}`)).body)).toContain('zz')
    await client.delete(`${ns}/secrets/zz`)
    expect((await client.get(`${ns}/secrets?resourceVersion=999999`)).body).toMatchObject({
      code: 504,
      details: { causes: [{ reason: 'ResourceVersionTooLarge' }] },
    })
  })

  test('can be of metadata alone', async () => {
    const accept = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1'
    const { body } = await client.get(`${ns}/secrets?limit=1`, { accept })
    expect(body).toMatchObject({ kind: 'PartialObjectMetadataList', apiVersion: 'meta.k8s.io/v1' })
    expect(Object.keys(body.items[0])).toEqual(['kind', 'apiVersion', 'metadata'])
    expect(body.metadata.continue).toEqual(expect.any(String))
    const one = await client.get(`${ns}/secrets/a`, { accept: accept.replace('MetadataList', 'Metadata') })
    expect(Object.keys(one.body)).toEqual(['kind', 'apiVersion', 'metadata'])
  })

  test('can be tables', async () => {
    const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json'
    const { body } = await client.get(`${ns}/secrets`, { accept })
    expect(body.columnDefinitions.map(({ name }: { name: string }) => name)).toEqual([
      'Name',
      'Type',
      'Data',
      'Age',
    ])
    expect(body.rows[0].cells.slice(0, 3)).toEqual(['a', 'Opaque', 0])
    expect(body.rows[0].object).toMatchObject({ kind: 'PartialObjectMetadata', metadata: { name: 'a' } })
    const bare = await client.get(`${ns}/secrets?includeObject=None`, { accept })
    expect(bare.body.rows[0]).not.toHaveProperty('object')
  })

  test('a collection can be deleted by label', async () => {
    const other = await newNamespace(client, 'cleared')
    for (const name of ['a', 'b'])
      await client.post(`${other}/configmaps`, { metadata: { name, labels: { name } } })
    const { body } = await client.delete(`${other}/configmaps?labelSelector=name=a`)
    expect(names(body)).toEqual(['a'])
    expect(names((await client.get(`${other}/configmaps`)).body)).toEqual(['b'])
  })
})
