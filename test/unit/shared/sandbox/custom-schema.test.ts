import { describe, expect, test } from 'vitest'
import type { CustomSchema } from '../../../../shared/sandbox/crd/custom-schema.ts'
import { withDefaults } from '../../../../shared/sandbox/crd/default.ts'
import { jsonPath } from '../../../../shared/sandbox/crd/json-path.ts'
import { prune } from '../../../../shared/sandbox/crd/prune.ts'
import { schemaErrors } from '../../../../shared/sandbox/crd/validate.ts'

const text: CustomSchema = { type: 'string' }
const whole: CustomSchema = { type: 'integer' }
const root = (properties: Record<string, CustomSchema>, more: CustomSchema = {}): CustomSchema => ({
  type: 'object',
  properties: { spec: { type: 'object', properties, ...more } },
})

describe('pruning', () => {
  test('drops unknown fields at every depth and names them', () => {
    const schema = root({
      a: text,
      list: { type: 'array', items: { type: 'object', properties: { b: text } } },
    })
    const object = {
      apiVersion: 'v',
      kind: 'K',
      metadata: {},
      spec: { a: '1', x: 1, list: [{ b: '2', y: 2 }] },
      z: 3,
    }
    const result = prune(object, schema)
    expect(result.object).toEqual({
      apiVersion: 'v',
      kind: 'K',
      metadata: {},
      spec: { a: '1', list: [{ b: '2' }] },
    })
    expect(result.unknown).toEqual(['spec.x', 'spec.list[0].y', 'z'])
  })

  test('keeps what the schema leaves open', () => {
    const open: CustomSchema = {
      type: 'object',
      'x-kubernetes-preserve-unknown-fields': true,
      properties: { b: root({}) },
    }
    const schema = root({ open, map: { type: 'object', additionalProperties: text } })
    const object = { spec: { open: { a: 1, b: { spec: {}, gone: 1 } }, map: { any: 'x' } } }
    const result = prune(object, schema)
    expect(result.object).toEqual({ spec: { open: { a: 1, b: { spec: {} } }, map: { any: 'x' } } })
    expect(result.unknown).toEqual(['spec.open.b.gone'])
  })

  test('gives back the same object when there is nothing to drop', () => {
    const object = { spec: { a: '1' } }
    expect(prune(object, root({ a: text })).object).toBe(object)
  })
})

describe('defaulting', () => {
  const schema: CustomSchema = {
    type: 'object',
    properties: {
      status: { type: 'object', default: { n: -1 }, properties: { n: whole } },
      spec: {
        type: 'object',
        properties: {
          a: { type: 'string', default: 'x' },
          nested: { type: 'object', default: {}, properties: { b: { type: 'integer', default: 7 } } },
          nothing: { ...text, nullable: true },
          plain: text,
          list: {
            type: 'array',
            items: { type: 'object', properties: { c: { type: 'boolean', default: true } } },
          },
          map: {
            type: 'object',
            additionalProperties: { type: 'object', properties: { d: { type: 'string', default: 'y' } } },
          },
        },
      },
    },
  }

  test('fills in what is missing, within maps and lists too', () => {
    expect(withDefaults({ spec: { list: [{}], map: { k: {} } } }, schema)).toEqual({
      status: { n: -1 },
      spec: { a: 'x', nested: { b: 7 }, list: [{ c: true }], map: { k: { d: 'y' } } },
    })
  })

  test('a null where none may be is dropped or replaced; where it may be, it stays', () => {
    expect(
      withDefaults({ status: { n: 1 }, spec: { a: null, plain: null, nothing: null, nested: {} } }, schema),
    ).toEqual({
      status: { n: 1 },
      spec: { a: 'x', nothing: null, nested: { b: 7 } },
    })
  })

  test('a default is not shared between objects', () => {
    const first = withDefaults<{ status?: { n: number } }>({}, schema)
    if (first.status !== undefined) first.status.n = 5
    expect(withDefaults({}, schema)).toMatchObject({ status: { n: -1 } })
  })
})

describe('validation', () => {
  const errors = (property: CustomSchema, value: unknown) =>
    schemaErrors({ spec: { a: value } }, root({ a: property })).map(({ type, field, detail }) => [
      type,
      field,
      detail,
    ])

  test.each<[string, CustomSchema, unknown, string, string | undefined]>([
    ['a type', whole, 'x', 'FieldValueTypeInvalid', 'spec.a in body must be of type integer: "string"'],
    ['a null', text, null, 'FieldValueTypeInvalid', 'spec.a in body must be of type string: "null"'],
    [
      'an enum',
      { type: 'string', enum: ['p', 'q'] },
      'r',
      'FieldValueNotSupported',
      'supported values: "p", "q"',
    ],
    [
      'a pattern',
      { type: 'string', pattern: '^x\\-y$' },
      'z',
      'FieldValueInvalid',
      "spec.a in body should match '^x\\-y$'",
    ],
    ['a length', { type: 'string', maxLength: 1 }, 'zz', 'FieldValueTooLong', 'may not be more than 1 byte'],
    [
      'a short text',
      { type: 'string', minLength: 1 },
      '',
      'FieldValueInvalid',
      'spec.a in body should be at least 1 chars long',
    ],
    [
      'a maximum',
      { type: 'integer', maximum: 3 },
      4,
      'FieldValueInvalid',
      'spec.a in body should be less than or equal to 3',
    ],
    [
      'an exclusive minimum',
      { type: 'integer', minimum: 3, exclusiveMinimum: true },
      3,
      'FieldValueInvalid',
      'spec.a in body should be greater than 3',
    ],
    [
      'a long list',
      { type: 'array', maxItems: 1, items: text },
      ['a', 'b'],
      'FieldValueTooMany',
      'must have at most 1 item',
    ],
    [
      'a time',
      { type: 'string', format: 'date-time' },
      'noon',
      'FieldValueInvalid',
      'spec.a in body must be of type date-time: "noon"',
    ],
    [
      'int-or-string',
      { 'x-kubernetes-int-or-string': true },
      true,
      'FieldValueTypeInvalid',
      'spec.a in body must be of type integer,string: "boolean"',
    ],
  ])('%s', (_what, schema, value, type, detail) => {
    expect(errors(schema, value)).toEqual([[type, 'spec.a', detail]])
  })

  test.each<[string, CustomSchema, unknown]>([
    ['an unknown format is not looked at', { type: 'string', format: 'made-up' }, 'x'],
    ['int-or-string takes both', { 'x-kubernetes-int-or-string': true }, '5%'],
    ['nullable takes null', { type: 'string', nullable: true }, null],
    ['a time', { type: 'string', format: 'date-time' }, '2026-01-01T00:00:00Z'],
  ])('%s', (_what, schema, value) => {
    expect(errors(schema, value)).toEqual([])
  })

  test('a required field is named, not its parent', () => {
    expect(schemaErrors({ spec: {} }, root({ a: text }, { required: ['a'] }))).toEqual([
      { type: 'FieldValueRequired', field: 'spec.a' },
    ])
  })

  test('items of sets and maps may not come twice', () => {
    const set: CustomSchema = { type: 'array', 'x-kubernetes-list-type': 'set', items: text }
    expect(errors(set, ['x', 'y', 'x'])).toEqual([['FieldValueDuplicate', 'spec.a[2]', undefined]])
    const map: CustomSchema = {
      type: 'array',
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['k'],
      items: { type: 'object', properties: { k: text, v: text } },
    }
    expect(errors(map, [{ k: 'x' }, { k: 'x', v: 'z' }])).toEqual([
      ['FieldValueDuplicate', 'spec.a[1]', undefined],
    ])
  })
})

describe('JSONPath of printer columns', () => {
  const object = {
    spec: { scope: 'strict', 'odd.name': 1 },
    status: {
      conditions: [
        { type: 'Ready', status: 'True' },
        { type: 'Synced', status: 'False' },
      ],
    },
  }
  test.each([
    ['.spec.scope', ['strict']],
    ['.status.conditions[?(@.type=="Ready")].status', ['True']],
    ['.status.conditions[?(@.type!="Ready")].status', ['False']],
    ['.status.conditions[0].type', ['Ready']],
    ['.status.conditions[-1].type', ['Synced']],
    ['.status.conditions[*].type', ['Ready', 'Synced']],
    [".spec['odd.name']", [1]],
    ['.spec.odd\\.name', [1]],
    ['.nothing.there', []],
  ])('%s', (path, found) => {
    expect(jsonPath(path)(object)).toEqual(found)
  })

  test('a path that it cannot read is refused', () => {
    expect(() => jsonPath('.a[')).toThrow(SyntaxError)
  })
})
