import { describe, expect, test } from 'vitest'
import { compare, fieldsOf } from '../../../../shared/sandbox/apply/compare.ts'
import {
  describePaths,
  difference,
  fromFieldsV1,
  intersection,
  toFieldsV1,
  union,
} from '../../../../shared/sandbox/apply/field-set.ts'
import { mergeApplied, removeFields } from '../../../../shared/sandbox/apply/merge.ts'
import { untyped } from '../../../../shared/sandbox/apply/shape.ts'
import { shapeOfSchema } from '../../../../shared/sandbox/crd/shape.ts'

const shape = shapeOfSchema({
  type: 'object',
  properties: {
    spec: {
      type: 'object',
      properties: {
        whole: {
          type: 'object',
          'x-kubernetes-map-type': 'atomic',
          additionalProperties: { type: 'string' },
        },
        list: { type: 'array', items: { type: 'string' } },
        set: { type: 'array', 'x-kubernetes-list-type': 'set', items: { type: 'string' } },
        items: {
          type: 'array',
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['name'],
          items: { type: 'object', properties: { name: { type: 'string' }, v: { type: 'integer' } } },
        },
      },
    },
  },
})

describe('sets of fields', () => {
  const fields = { 'f:a': {}, 'f:b': { '.': {}, 'f:c': {}, 'k:{"name":"x"}': { 'f:v': {} } } }

  test('read and written again they are the same', () => {
    expect(toFieldsV1(fromFieldsV1(fields))).toEqual(fields)
  })

  test('unite, differ and intersect', () => {
    const left = fromFieldsV1({ 'f:a': {}, 'f:b': { 'f:c': {} } })
    const right = fromFieldsV1({ 'f:b': { '.': {}, 'f:c': {}, 'f:d': {} } })
    expect(toFieldsV1(union(left, right))).toEqual({ 'f:a': {}, 'f:b': { '.': {}, 'f:c': {}, 'f:d': {} } })
    expect(toFieldsV1(difference(right, left))).toEqual({ 'f:b': { '.': {}, 'f:d': {} } })
    expect(toFieldsV1(intersection(left, right))).toEqual({ 'f:b': { 'f:c': {} } })
  })

  test('say where they are', () => {
    expect(describePaths(fromFieldsV1(fields))).toEqual(['.a', '.b', '.b.c', '.b[name="x"].v'])
  })
})

describe('the fields of a value', () => {
  test('a map is in its fields, an item is itself, an atomic value is one', () => {
    const value = {
      spec: { whole: { a: '1' }, list: ['x'], set: ['y'], items: [{ name: 'n', v: 1 }], empty: {} },
    }
    expect(toFieldsV1(fieldsOf(value, shape))).toEqual({
      'f:spec': {
        'f:empty': {},
        'f:items': { 'k:{"name":"n"}': { '.': {}, 'f:name': {}, 'f:v': {} } },
        'f:list': {},
        'f:set': { 'v:"y"': {} },
        'f:whole': {},
      },
    })
  })

  test('a comparison finds what was set and what went', () => {
    const before = { spec: { list: ['x'], items: [{ name: 'n', v: 1 }, { name: 'm' }], set: ['a'] } }
    const after = { spec: { list: ['y'], items: [{ name: 'n', v: 2 }], set: ['a', 'b'], new: { a: 1 } } }
    const { set, removed } = compare(before, after, shape)
    expect(toFieldsV1(set)).toEqual({
      'f:spec': {
        'f:items': { 'k:{"name":"n"}': { 'f:v': {} } },
        'f:list': {},
        'f:new': { '.': {}, 'f:a': {} },
        'f:set': { 'v:"b"': {} },
      },
    })
    expect(toFieldsV1(removed)).toEqual({
      'f:spec': { 'f:items': { 'k:{"name":"m"}': { '.': {}, 'f:name': {} } } },
    })
  })
})

describe('applying', () => {
  test('lays a configuration over what is there', () => {
    const live = { spec: { whole: { a: '1' }, set: ['x'], items: [{ name: 'n', v: 1 }], other: 1 } }
    const config = { spec: { whole: { b: '2' }, set: ['y'], items: [{ name: 'm' }, { name: 'n', w: 2 }] } }
    expect(mergeApplied(live, config, shape)).toEqual({
      spec: {
        whole: { b: '2' },
        set: ['x', 'y'],
        items: [{ name: 'n', v: 1, w: 2 }, { name: 'm' }],
        other: 1,
      },
    })
  })

  test('what is removed takes emptied maps and lists along', () => {
    const gone = fromFieldsV1({ 'f:a': { 'f:b': {} }, 'f:c': { 'f:d': {} } })
    expect(removeFields({ a: { b: 1 }, c: { d: 1, e: 2 }, f: 3 }, gone, untyped)).toEqual({
      c: { e: 2 },
      f: 3,
    })
    const item = fromFieldsV1({ 'f:spec': { 'f:items': { 'k:{"name":"n"}': {} } } })
    expect(removeFields({ spec: { items: [{ name: 'n' }], x: 1 } }, item, shape)).toEqual({ spec: { x: 1 } })
  })
})
