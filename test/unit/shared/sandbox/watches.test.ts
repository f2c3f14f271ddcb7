import { describe, expect, test } from 'vitest'
import { eventually, newNamespace, useSandbox, type WatchLine } from './client.ts'

const client = useSandbox({ historySize: 50, bookmarkMs: 30 })
const told = (lines: WatchLine[]) => lines.map(({ type, object }) => `${type} ${object.metadata.name}`)

async function version(path: string): Promise<string> {
  return (await client.get(path)).body.metadata.resourceVersion
}

describe('watches', () => {
  test('go on from a list and tell what happens after it', async () => {
    const ns = await newNamespace(client, 'follow')
    const from = await version(`${ns}/secrets`)
    await client.post(`${ns}/secrets`, { metadata: { name: 'before' } })
    const lines = client.watch(`${ns}/secrets?watch=true&resourceVersion=${from}`, 4)
    await eventually(async () => client.sandbox.openWatches() > 0)
    await client.post(`${ns}/secrets`, { metadata: { name: 'after' } })
    await client.patch(`${ns}/secrets/after`, { data: { a: 'YQ==' } })
    await client.delete(`${ns}/secrets/before`)
    expect(told(await lines)).toEqual(['ADDED before', 'ADDED after', 'MODIFIED after', 'DELETED before'])
  })

  test('an object tells its kind, and a deleted one the version of its deletion', async () => {
    const ns = await newNamespace(client, 'deleted')
    const from = await version(`${ns}/secrets`)
    const made = await client.post(`${ns}/secrets`, { metadata: { name: 'a' }, data: { a: 'YQ==' } })
    await client.delete(`${ns}/secrets/a`)
    const [added, deleted] = await client.watch(`${ns}/secrets?watch=true&resourceVersion=${from}`, 2)
    expect(added?.object).toEqual(made.body)
    expect(deleted?.object).toMatchObject({ kind: 'Secret', data: { a: 'YQ==' } })
    expect(Number(deleted?.object.metadata.resourceVersion)).toBeGreaterThan(
      Number(made.body.metadata.resourceVersion),
    )
  })

  test('begin with what is there when no version is given', async () => {
    const ns = await newNamespace(client, 'initial')
    await client.post(`${ns}/secrets`, { metadata: { name: 'b' } })
    await client.post(`${ns}/secrets`, { metadata: { name: 'a' } })
    for (const query of ['', '&resourceVersion=0']) {
      expect(told(await client.watch(`${ns}/secrets?watch=true${query}`, 2))).toEqual(['ADDED a', 'ADDED b'])
    }
    const streaming = 'sendInitialEvents=true&allowWatchBookmarks=true&resourceVersionMatch=NotOlderThan'
    const lines = await client.watch(`${ns}/secrets?watch=true&${streaming}`, 3)
    expect(lines[2]).toMatchObject({
      type: 'BOOKMARK',
      object: { metadata: { annotations: { 'k8s.io/initial-events-end': 'true' } } },
    })
  })

  test('a selection sees what enters and leaves it', async () => {
    const ns = await newNamespace(client, 'selected')
    const from = await version(`${ns}/secrets`)
    await client.post(`${ns}/secrets`, { metadata: { name: 'a' } })
    await client.patch(`${ns}/secrets/a`, { metadata: { labels: { in: 'yes' } } })
    await client.patch(`${ns}/secrets/a`, { data: { x: '' } })
    await client.patch(`${ns}/secrets/a`, { metadata: { labels: { in: null } } })
    await client.delete(`${ns}/secrets/a`)
    await client.post(`${ns}/secrets`, { metadata: { name: 'z', labels: { in: 'yes' } } })
    const path = `${ns}/secrets?watch=true&labelSelector=in%3Dyes&resourceVersion=${from}`
    expect(told(await client.watch(path, 4))).toEqual(['ADDED a', 'MODIFIED a', 'DELETED a', 'ADDED z'])
  })

  test('bookmarks say how far the watcher is, to those who ask', async () => {
    const ns = await newNamespace(client, 'bookmarks')
    const from = await version(`${ns}/secrets`)
    await client.post(`${ns}/configmaps`, { metadata: { name: 'elsewhere' } })
    const path = `${ns}/secrets?watch=true&resourceVersion=${from}`
    const [line] = await client.watch(`${path}&allowWatchBookmarks=true`, 1)
    expect(line).toMatchObject({ type: 'BOOKMARK', object: { kind: 'Secret' } })
    expect(Number(line?.object.metadata.resourceVersion)).toBeGreaterThan(Number(from))
    expect(await client.watch(`${path}&timeoutSeconds=1`, 1)).toEqual([])
  })

  test('a version that is too old ends in an error that says so', async () => {
    const ns = await newNamespace(client, 'old')
    const from = await version(`${ns}/secrets`)
    await client.post(`${ns}/secrets`, { metadata: { name: 'a' } })
    client.sandbox.compact()
    expect(await client.watch(`${ns}/secrets?watch=true&resourceVersion=${from}`, 2)).toMatchObject([
      { type: 'ERROR', object: { kind: 'Status', code: 410, reason: 'Expired' } },
    ])
    const now = await version(`${ns}/secrets`)
    await client.delete(`${ns}/secrets/a`)
    expect(told(await client.watch(`${ns}/secrets?watch=true&resourceVersion=${now}`, 1))).toEqual([
      'DELETED a',
    ])
  })

  test('can be of metadata alone, or of rows', async () => {
    const ns = await newNamespace(client, 'forms')
    await client.post(`${ns}/secrets`, { metadata: { name: 'a' }, data: { a: 'YQ==' } })
    await client.post(`${ns}/secrets`, { metadata: { name: 'b' } })
    const partial = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1'
    const [line] = await client.watch(`${ns}/secrets?watch=true`, 1, { accept: partial })
    expect(line?.object).toMatchObject({ kind: 'PartialObjectMetadata', metadata: { name: 'a' } })
    expect(line?.object).not.toHaveProperty('data')
    const table = 'application/json;as=Table;g=meta.k8s.io;v=v1'
    const rows = await client.watch(`${ns}/secrets?watch=true`, 2, { accept: table })
    expect(rows.map(({ object }) => object.columnDefinitions === null)).toEqual([false, true])
  })

  test('end when their time is up, and leave nothing behind', async () => {
    const lines = await client.watch(
      '/api/v1/secrets?watch=true&resourceVersion=&timeoutSeconds=1&labelSelector=no',
      1,
    )
    expect(lines).toEqual([])
    await eventually(async () => client.sandbox.openWatches() === 0)
  })
})
