import { readFileSync } from 'node:fs'
import { loadAll } from 'js-yaml'
import { describe, expect, test } from 'vitest'

/** The parts of a JSON schema that a structural schema of Kubernetes may have and that these tests look at. */
interface Schema {
  type?: string
  format?: string
  enum?: string[]
  default?: unknown
  description?: string
  required?: string[]
  properties?: Record<string, Schema>
  additionalProperties?: Schema
  items?: Schema
  maxItems?: number
  maxLength?: number
  maxProperties?: number
  'x-kubernetes-list-type'?: string
  'x-kubernetes-list-map-keys'?: string[]
  'x-kubernetes-preserve-unknown-fields'?: boolean
}

interface Version {
  name: string
  served: boolean
  storage: boolean
  schema: { openAPIV3Schema: Schema }
  subresources?: Record<string, unknown>
  additionalPrinterColumns: { name: string; type: string; jsonPath: string; priority?: number }[]
}

interface Crd {
  apiVersion: string
  kind: string
  metadata: { name: string }
  spec: {
    group: string
    scope: string
    names: { kind: string; listKind: string; plural: string; singular: string; shortNames?: string[] }
    versions: Version[]
  }
}

function load(file: string): Crd {
  const url = new URL(`../../../charts/waxwing/crds/${file}`, import.meta.url)
  const documents = loadAll(readFileSync(url, 'utf8'))
  expect(documents).toHaveLength(1)
  return documents[0] as Crd
}

function onlyVersion(crd: Crd): Version {
  const [version] = crd.spec.versions
  if (!version || crd.spec.versions.length > 1) throw new Error('one version expected')
  return version
}

const rootSchema = (crd: Crd): Schema => onlyVersion(crd).schema.openAPIV3Schema

/** The schema at a path of field names; `[]` steps into a list's items, `{}` into a map's values. */
function at(schema: Schema, path: string): Schema {
  let found: Schema | undefined = schema
  for (const step of path.split('.').filter((name) => name !== '')) {
    if (step === '[]') found = found?.items
    else if (step === '{}') found = found?.additionalProperties
    else found = found?.properties?.[step]
  }
  if (!found) throw new Error(`no schema at ${path}`)
  return found
}

/** Every schema below and including this one, with its path. */
function* walk(schema: Schema, path = ''): Generator<[string, Schema]> {
  yield [path, schema]
  for (const [name, child] of Object.entries(schema.properties ?? {})) yield* walk(child, `${path}.${name}`)
  if (schema.items) yield* walk(schema.items, `${path}.[]`)
  if (schema.additionalProperties) yield* walk(schema.additionalProperties, `${path}.{}`)
}

const fields = (schema: Schema, path: string): string[] => Object.keys(at(schema, path).properties ?? {})

const sealedSecret = load('sealedsecrets.yaml')
const sealingKey = load('sealingkeys.yaml')

describe.each([
  ['SealedSecret', sealedSecret],
  ['SealingKey', sealingKey],
])('the CRD of %s', (kind, crd) => {
  test('is a manifest that is stored as it is, not a template', () => {
    expect(crd).toMatchObject({
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      spec: { group: 'waxwing.dev', names: { kind, listKind: `${kind}List` } },
    })
    expect(crd.metadata.name).toBe(`${crd.spec.names.plural}.waxwing.dev`)
    expect(onlyVersion(crd)).toMatchObject({ name: 'v1alpha1', served: true, storage: true })
    expect(JSON.stringify(crd)).not.toMatch(/\{\{-? *(\.|include|if|range)\s?(Values|Release|Chart|")/)
  })

  test('has a structural schema: a type at every place, and only one kind of children', () => {
    for (const [path, schema] of walk(rootSchema(crd))) {
      expect(schema.type, path).toBeTypeOf('string')
      expect(schema.items !== undefined, path).toBe(schema.type === 'array')
      if (schema.properties || schema.additionalProperties) expect(schema.type, path).toBe('object')
      expect(schema.properties && schema.additionalProperties, path).toBeUndefined()
      for (const name of schema.required ?? [])
        expect(Object.keys(schema.properties ?? {}), path).toContain(name)
    }
  })

  test('keeps no field unnamed under spec, and none open', () => {
    for (const [path, schema] of walk(at(rootSchema(crd), 'spec'))) {
      expect(schema['x-kubernetes-preserve-unknown-fields'], path).toBeUndefined()
      const isOpen = schema.type === 'object' && !schema.properties && !schema.additionalProperties
      expect(isOpen, path).toBe(false)
    }
  })

  test('has no default under spec: an applied manifest reads back as it was written', () => {
    for (const [path, schema] of walk(at(rootSchema(crd), 'spec')))
      expect(schema, path).not.toHaveProperty('default')
  })

  test('says what each field is', () => {
    for (const [path, schema] of walk(rootSchema(crd))) {
      const isField =
        !/(^|\.)(\[\]|\{\})$/.test(path) && !['.apiVersion', '.kind', '.metadata'].includes(path)
      if (isField) expect(schema.description, path).toMatch(/^[A-Z].*\.$/)
    }
  })

  test('bounds every text, list and map under spec', () => {
    for (const [path, schema] of walk(at(rootSchema(crd), 'spec'))) {
      const isText = schema.type === 'string' && !schema.enum && !schema.format
      if (isText) expect(schema.maxLength, path).toBeGreaterThan(0)
      if (schema.type === 'array') expect(schema.maxItems, path).toBeGreaterThan(0)
      if (schema.additionalProperties) expect(schema.maxProperties, path).toBeGreaterThan(0)
    }
  })

  test('has printer columns that point at fields of the schema', () => {
    for (const { name, jsonPath } of onlyVersion(crd).additionalPrinterColumns) {
      const path = jsonPath.replace(/\[\?\([^)]*\)\]/, '.[]').replace(/^\./, '')
      if (!path.startsWith('metadata.')) expect(() => at(rootSchema(crd), path), name).not.toThrow()
    }
  })
})

describe('SealedSecret', () => {
  const schema = rootSchema(sealedSecret)

  test.each([
    ['spec', ['scope', 'envelopes', 'data', 'template']],
    ['spec.envelopes.[]', ['id', 'suite', 'binding', 'commitment', 'recipients']],
    ['spec.envelopes.[].recipients.[]', ['key', 'kem', 'wrap']],
    ['spec.template', ['type', 'immutable', 'metadata', 'data']],
    ['spec.template.metadata', ['labels', 'annotations']],
    ['status', ['observedGeneration', 'conditions', 'secret']],
    ['status.secret', ['uid', 'resourceVersion']],
    [
      'status.conditions.[]',
      ['type', 'status', 'reason', 'message', 'lastTransitionTime', 'observedGeneration'],
    ],
  ])('%s has the fields of the format', (path, names) => {
    expect(fields(schema, path)).toEqual(names)
  })

  test.each([
    'spec.data',
    'spec.template.data',
    'spec.template.metadata.labels',
    'spec.template.metadata.annotations',
  ])('%s maps names to strings', (path) => {
    expect(at(schema, path).type).toBe('object')
    expect(at(schema, `${path}.{}`).type).toBe('string')
  })

  test('is namespaced, and has a status of its own and a short name', () => {
    expect(sealedSecret.spec.scope).toBe('Namespaced')
    expect(sealedSecret.spec.names).toMatchObject({ plural: 'sealedsecrets', shortNames: ['wxs'] })
    expect(onlyVersion(sealedSecret).subresources).toEqual({ status: {} })
  })

  test('knows the three scopes and the limits on envelopes and recipients', () => {
    expect(at(schema, 'spec.scope').enum).toEqual(['strict', 'namespace', 'cluster'])
    expect(at(schema, 'spec.envelopes').maxItems).toBe(64)
    expect(at(schema, 'spec.envelopes.[].recipients').maxItems).toBe(64)
  })

  test('lets the longest fields of the format through', () => {
    const base64Length = (bytes: number) => 4 * Math.ceil(bytes / 3)
    const limits: [string, number][] = [
      ['id', 8],
      ['suite', 'xwing-xsalsa20poly1305'.length],
      ['binding', 16],
      ['commitment', base64Length(32)],
      ['recipients.[].key', 28],
      ['recipients.[].kem', base64Length(1120)],
      ['recipients.[].wrap', base64Length(48)],
    ]
    for (const [path, length] of limits) {
      expect(at(schema, `spec.envelopes.[].${path}`).maxLength, path).toBeGreaterThanOrEqual(length)
    }
    // 1 MiB of value, an eighth of padding, nonce and tag, the envelope's id and the dot.
    const longest = base64Length(1_048_576 * 1.125 + 40) + 9
    expect(at(schema, 'spec.data.{}').maxLength).toBeGreaterThanOrEqual(longest)
  })

  test('is applied as a whole: no two appliers can mix envelopes and values', () => {
    expect(at(schema, 'spec.envelopes')).toHaveProperty('x-kubernetes-list-type', 'atomic')
    expect(at(schema, 'spec.envelopes.[].recipients')).toHaveProperty('x-kubernetes-list-type', 'atomic')
    expect(at(schema, 'spec.data')).toHaveProperty('x-kubernetes-map-type', 'atomic')
  })

  test('counts as in progress before the controller has seen it', () => {
    expect(at(schema, 'status').default).toEqual({ observedGeneration: -1 })
  })

  test('has one owner of the whole status, so that objects stay small', () => {
    expect(at(schema, 'status')).toHaveProperty('x-kubernetes-map-type', 'atomic')
  })

  test('keeps one condition of a type, and what a newer controller notes in status', () => {
    expect(at(schema, 'status.conditions')).toMatchObject({
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['type'],
    })
    expect(at(schema, 'status')).toHaveProperty('x-kubernetes-preserve-unknown-fields', true)
    expect(at(schema, 'status.secret')).toHaveProperty('x-kubernetes-preserve-unknown-fields', true)
  })

  test('shows in a list whether it is ready and why not', () => {
    const columns = onlyVersion(sealedSecret).additionalPrinterColumns
    expect(columns.map(({ name, priority = 0 }) => `${name} ${priority}`)).toEqual([
      'Ready 0',
      'Reason 0',
      'Scope 0',
      'Age 0',
      'Message 1',
    ])
  })
})

describe('SealingKey', () => {
  const schema = rootSchema(sealingKey)

  test('has the fields of the format, and counts in its status', () => {
    expect(fields(schema, 'spec')).toEqual(['holder', 'id', 'suite', 'publicKey', 'notBefore', 'notAfter'])
    expect(fields(schema, '')).toEqual(['apiVersion', 'kind', 'metadata', 'spec', 'status'])
    expect(fields(schema, 'status.usage.{}')).toEqual(['usable', 'needed'])
    expect(onlyVersion(sealingKey).subresources).toEqual({ status: {} })
    expect(at(schema, 'spec.publicKey').maxLength).toBeGreaterThanOrEqual(4 * Math.ceil(1216 / 3))
  })

  test('belongs to the cluster', () => {
    expect(sealingKey.spec.scope).toBe('Cluster')
    expect(sealingKey.spec.names.plural).toBe('sealingkeys')
  })

  test('shows whose it is and until when', () => {
    expect(
      onlyVersion(sealingKey).additionalPrinterColumns.map(({ name, type }) => `${name} ${type}`),
    ).toEqual(['Holder string', 'NotAfter string', 'State string', 'Age date'])
  })
})
