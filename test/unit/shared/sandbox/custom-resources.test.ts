import { beforeAll, describe, expect, test } from 'vitest'
import { eventually, newNamespace, STRATEGIC, useSandbox } from './client.ts'

const client = useSandbox()
const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions'
const text = { type: 'string' }

const definition = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'waxes.test.dev' },
  spec: {
    group: 'test.dev',
    scope: 'Namespaced',
    names: { plural: 'waxes', kind: 'Wax', shortNames: ['wx'] },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        subresources: { status: {} },
        additionalPrinterColumns: [
          { name: 'Color', type: 'string', jsonPath: '.spec.color' },
          { name: 'Since', type: 'date', jsonPath: '.metadata.creationTimestamp' },
        ],
        schema: {
          openAPIV3Schema: {
            type: 'object',
            required: ['spec'],
            properties: {
              spec: {
                type: 'object',
                required: ['color'],
                properties: {
                  color: { type: 'string', enum: ['red', 'blue'] },
                  size: { type: 'integer', default: 3 },
                },
              },
              status: {
                type: 'object',
                default: { seen: -1 },
                properties: { seen: { type: 'integer' }, word: text },
              },
            },
          },
        },
      },
    ],
  },
}
const wax = (name: string, spec: object | undefined = { color: 'red' }) => ({
  apiVersion: 'test.dev/v1',
  kind: 'Wax',
  metadata: { name },
  ...(spec === undefined ? {} : { spec }),
})
let at = ''

beforeAll(async () => {
  await newNamespace(client, 'custom')
  at = '/apis/test.dev/v1/namespaces/custom/waxes'
  expect((await client.get(at)).status).toBe(404)
  expect((await client.post(definitions, definition)).status).toBe(201)
})

describe('a CustomResourceDefinition', () => {
  test('is completed and established', async () => {
    const { body } = await client.get(`${definitions}/waxes.test.dev`)
    expect(body.spec.names).toMatchObject({ singular: 'wax', listKind: 'WaxList' })
    expect(body.status.storedVersions).toEqual(['v1'])
    const conditions = body.status.conditions.map(
      ({ type, status }: Record<string, string>) => `${type}=${status}`,
    )
    expect(conditions).toEqual(['NamesAccepted=True', 'Established=True'])
  })

  test('is refused when its parts do not fit', async () => {
    const { versions, ...spec } = definition.spec
    const broken = {
      ...definition,
      metadata: { name: 'other.test.dev' },
      spec: {
        ...spec,
        versions: versions.map((version) => ({
          ...version,
          storage: false,
          schema: { openAPIV3Schema: { type: 'object', properties: { a: {} } } },
        })),
      },
    }
    const { body } = await client.post(definitions, broken)
    expect(body.details.causes.map(({ field }: { field: string }) => field)).toEqual([
      'metadata.name',
      'spec.versions',
      'spec.versions[0].schema.openAPIV3Schema.properties[a].type',
    ])
  })
})

describe('custom resources', () => {
  test('are pruned, completed and counted', async () => {
    const { body } = await client.post(at, wax('a', { color: 'red', extra: 1 }))
    expect(body).toMatchObject({
      spec: { color: 'red', size: 3 },
      status: { seen: -1 },
      metadata: { generation: 1 },
    })
    expect(body.spec).not.toHaveProperty('extra')
  })

  test('are validated, with a cause for every field', async () => {
    const { body } = await client.post(at, wax('b', { color: 'green', size: 'x' }))
    expect(body).toMatchObject({
      code: 422,
      reason: 'Invalid',
      details: { name: 'b', group: 'test.dev', kind: 'Wax' },
    })
    expect(body.details.causes).toEqual(
      expect.arrayContaining([
        {
          reason: 'FieldValueNotSupported',
          message: 'Unsupported value: "green": supported values: "red", "blue"',
          field: 'spec.color',
        },
        {
          reason: 'FieldValueTypeInvalid',
          message: 'Invalid value: "string": spec.size in body must be of type integer: "string"',
          field: 'spec.size',
        },
      ]),
    )
    expect((await client.post(at, { ...wax('b'), spec: undefined })).body.message).toBe(
      'Wax.test.dev "b" is invalid: spec: Required value',
    )
    expect((await client.post(at, { metadata: { name: 'b' }, spec: {} })).status).toBe(400)
  })

  test('with unknown fields are refused or warned of', async () => {
    const odd = wax('odd', { color: 'red', extra: 1 })
    const strict = await client.post(`${at}?fieldValidation=Strict`, odd)
    expect(strict.body).toMatchObject({
      code: 400,
      message:
        'Wax in version "v1" cannot be handled as a Wax: strict decoding error: unknown field "spec.extra"',
    })
    const warned = await client.post(`${at}?fieldValidation=Warn&dryRun=All`, odd)
    expect(warned.headers.get('warning')).toBe('299 - "unknown field \\"spec.extra\\""')
  })

  test('only the spec counts, and the status has its own door', async () => {
    await client.post(at, wax('c'))
    const spec = await client.patch(`${at}/c`, { spec: { color: 'blue' }, status: { seen: 5 } })
    expect(spec.body).toMatchObject({ metadata: { generation: 2 }, status: { seen: -1 } })
    const status = await client.patch(`${at}/c/status`, {
      spec: { color: 'red' },
      status: { seen: 2 },
      metadata: { labels: { a: 'b' } },
    })
    expect(status.body).toMatchObject({
      metadata: { generation: 2 },
      spec: { color: 'blue' },
      status: { seen: 2 },
    })
    expect(status.body.metadata).not.toHaveProperty('labels')
    expect((await client.get(`${at}/c/status`)).body).toEqual(status.body)
    const { resourceVersion } = spec.body.metadata
    expect(
      (await client.patch(`${at}/c/status`, { metadata: { resourceVersion }, status: { seen: 3 } })).status,
    ).toBe(409)
    expect(
      (await client.patch(`${at}/c`, { metadata: { labels: { a: 'b' } } })).body.metadata.generation,
    ).toBe(2)
  })

  test('PUT wants a resourceVersion, and no strategic merge patch is known', async () => {
    await client.post(at, wax('d'))
    expect((await client.put(`${at}/d`, wax('d'))).body.message).toBe(
      'waxes.test.dev "d" is invalid: metadata.resourceVersion: Invalid value: 0: must be specified for an update',
    )
    expect((await client.patch(`${at}/d`, {}, STRATEGIC)).status).toBe(415)
  })

  test('come as tables with their own columns', async () => {
    const { body } = await client.get(at, { accept: 'application/json;as=Table;g=meta.k8s.io;v=v1' })
    expect(body.columnDefinitions.map(({ name }: { name: string }) => name)).toEqual([
      'Name',
      'Color',
      'Since',
    ])
    expect(body.rows[0].cells).toEqual(['a', 'red', expect.stringMatching(/^\d+s$/)])
  })

  test('go with their definition', async () => {
    const other = structuredClone(definition)
    other.metadata.name = 'gone.test.dev'
    other.spec.names = { plural: 'gone', kind: 'Gone', shortNames: [] }
    await client.post(definitions, other)
    const path = '/apis/test.dev/v1/namespaces/custom/gone'
    await client.post(path, {
      ...wax('x'),
      kind: 'Gone',
      metadata: { name: 'x', finalizers: ['test.dev/hold'] },
    })
    await client.delete(`${definitions}/gone.test.dev`)
    await eventually(
      async () => (await client.get(`${path}/x`)).body.metadata.deletionTimestamp !== undefined,
    )
    expect((await client.get(`${definitions}/gone.test.dev`)).status).toBe(200)
    await client.patch(`${path}/x`, { metadata: { finalizers: null } })
    await eventually(async () => (await client.get(`${definitions}/gone.test.dev`)).status === 404)
    expect((await client.get(path)).status).toBe(404)
  })
})
