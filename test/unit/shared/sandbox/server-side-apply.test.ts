import { describe, expect, test } from 'vitest'
import { APPLY, newNamespace, useSandbox } from './client.ts'

const client = useSandbox({ clock: () => new Date('2026-01-01T00:00:00Z') })

const map = (data: Record<string, string>, more: object = {}) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'a', ...more },
  data,
})

async function applier(name: string) {
  const ns = await newNamespace(client, name)
  const at = `${ns}/configmaps/a`
  const apply = (manager: string, body: unknown, query = '') =>
    client.patch(`${at}?fieldManager=${manager}${query}`, body, APPLY)
  return { at, apply }
}

describe('server-side apply', () => {
  test('creates, and notes who owns what', async () => {
    const { apply } = await applier('create')
    const { status, body } = await apply('one', map({ x: '1' }, { labels: { l: 'm' } }))
    expect(status).toBe(201)
    expect(body.metadata.managedFields).toEqual([
      {
        manager: 'one',
        operation: 'Apply',
        apiVersion: 'v1',
        time: '2026-01-01T00:00:00Z',
        fieldsType: 'FieldsV1',
        fieldsV1: { 'f:data': { 'f:x': {} }, 'f:metadata': { 'f:labels': { 'f:l': {} } } },
      },
    ])
  })

  test('takes YAML', async () => {
    const { apply } = await applier('yaml')
    const { body } = await apply(
      'one',
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {x: "1"}\n',
    )
    expect(body.data).toEqual({ x: '1' })
  })

  test('removes what its manager no longer applies, unless somebody else does', async () => {
    const { apply } = await applier('remove')
    await apply('one', map({ x: '1', y: '2', z: '3' }))
    await apply('two', map({ y: '2' }))
    expect((await apply('one', map({ x: '1' }))).body.data).toEqual({ x: '1', y: '2' })
    expect((await apply('two', map({}))).body.data).toEqual({ x: '1' })
    expect(
      (await apply('one', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } })).body.data,
    ).toBeUndefined()
  })

  test('applied again it writes nothing', async () => {
    const { apply } = await applier('again')
    const first = await apply('one', map({ x: '1' }))
    expect((await apply('one', map({ x: '1' }))).body).toEqual(first.body)
  })

  test('conflicts with what others own, until it is forced', async () => {
    const { apply } = await applier('conflict')
    await apply('one', map({ x: '1', y: '1' }))
    const refused = await apply('two', map({ x: '2', y: '1' }))
    expect(refused.body).toMatchObject({
      code: 409,
      reason: 'Conflict',
      message: 'Apply failed with 1 conflict: conflict with "one": .data.x',
      details: {
        causes: [{ reason: 'FieldManagerConflict', message: 'conflict with "one"', field: '.data.x' }],
      },
    })
    expect((await apply('two', map({ x: '2', y: '2' }))).body.message).toBe(
      'Apply failed with 2 conflicts: conflicts with "one":\n- .data.x\n- .data.y',
    )
    const forced = await apply('two', map({ x: '2', y: '1' }), '&force=true')
    expect(forced.body.data).toEqual({ x: '2', y: '1' })
    const owners = forced.body.metadata.managedFields.map((entry: { manager: string; fieldsV1: object }) => [
      entry.manager,
      entry.fieldsV1,
    ])
    expect(owners).toEqual([
      ['one', { 'f:data': { 'f:y': {} } }],
      ['two', { 'f:data': { 'f:x': {}, 'f:y': {} } }],
    ])
  })

  test('an update takes fields over, and applying them otherwise then conflicts', async () => {
    const { at, apply } = await applier('update')
    await apply('one', map({ x: '1' }))
    const patched = await client.patch(`${at}?fieldManager=hand`, { data: { x: '2', y: '3' } })
    const owners = patched.body.metadata.managedFields.map((entry: Record<string, unknown>) => [
      entry.manager,
      entry.operation,
      entry.fieldsV1,
    ])
    expect(owners).toEqual([['hand', 'Update', { 'f:data': { 'f:x': {}, 'f:y': {} } }]])
    expect((await apply('one', map({ x: '1' }))).body.message).toBe(
      'Apply failed with 1 conflict: conflict with "hand" using v1: .data.x',
    )
    // With the value that is there already, both own it.
    expect((await apply('one', map({ x: '2' }))).status).toBe(200)
  })

  test('a manager of an Update is named after the client unless it says otherwise', async () => {
    const ns = await newNamespace(client, 'agent')
    const { body } = await client.post(`${ns}/configmaps`, map({ x: '1' }))
    expect(body.metadata.managedFields).toMatchObject([
      { manager: 'unit-test', operation: 'Update', fieldsV1: { 'f:data': { '.': {}, 'f:x': {} } } },
    ])
  })

  test('managers can be edited, as kubectl does when it changes from client to server', async () => {
    const { at, apply } = await applier('edited')
    await apply('one', map({ x: '1' }))
    const { body } = await client.patch(at, { metadata: { managedFields: [{}] } })
    expect(body.metadata).not.toHaveProperty('managedFields')
  })

  test('wants a manager, and no managers in the body', async () => {
    const { at, apply } = await applier('wants')
    const nobody = await client.patch(at, map({}), APPLY)
    expect(nobody.body).toMatchObject({
      code: 422,
      message:
        'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
    })
    expect((await apply('one', map({}, { managedFields: [] }))).status).toBe(400)
    expect((await apply('one', { metadata: { name: 'a' } })).status).toBe(400)
    const before = map({}, { uid: '00000000-0000-0000-0000-000000000000' })
    expect((await apply('one', before)).body.message).toContain('uid mismatch')
  })
})
