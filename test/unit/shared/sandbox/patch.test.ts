import { describe, expect, test } from 'vitest'
import { builtinShape, serviceShape } from '../../../../shared/sandbox/apply/shape.ts'
import { applyJsonPatch } from '../../../../shared/sandbox/patch/json.ts'
import { mergePatch } from '../../../../shared/sandbox/patch/merge.ts'
import { strategicMerge } from '../../../../shared/sandbox/patch/strategic.ts'

describe('JSON merge patch', () => {
  // The examples of RFC 7396, appendix A.
  test.each([
    [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
    [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
    [{ a: 'b' }, { a: null }, {}],
    [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
    [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
    [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
    [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
    [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
    [
      ['a', 'b'],
      ['c', 'd'],
      ['c', 'd'],
    ],
    [{ a: 'b' }, ['c'], ['c']],
    [{ a: 'foo' }, null, null],
    [{ a: 'foo' }, 'bar', 'bar'],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [[1, 2], { a: 'b', c: null }, { a: 'b' }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ])('%j with %j is %j', (target, patch, result) => {
    expect(mergePatch(target, patch)).toEqual(result)
  })

  test('leaves the target and what did not change as they were', () => {
    const target = { a: { b: 1 }, c: { d: 2 } }
    const patched = mergePatch(target, { a: { b: 2 } }) as typeof target
    expect(target).toEqual({ a: { b: 1 }, c: { d: 2 } })
    expect(patched.c).toBe(target.c)
  })
})

describe('JSON patch', () => {
  test.each([
    ['adds a field', { a: 1 }, [{ op: 'add', path: '/b', value: 2 }], { a: 1, b: 2 }],
    ['adds into a list', { l: [1, 3] }, [{ op: 'add', path: '/l/1', value: 2 }], { l: [1, 2, 3] }],
    ['adds at the end', { l: [1] }, [{ op: 'add', path: '/l/-', value: 2 }], { l: [1, 2] }],
    ['removes', { a: 1, b: 2 }, [{ op: 'remove', path: '/a' }], { b: 2 }],
    ['removes from a list', { l: [1, 2] }, [{ op: 'remove', path: '/l/0' }], { l: [2] }],
    ['replaces', { a: 1 }, [{ op: 'replace', path: '/a', value: [2] }], { a: [2] }],
    ['replaces in a list', { l: [1, 2] }, [{ op: 'replace', path: '/l/1', value: 3 }], { l: [1, 3] }],
    ['moves', { a: 1 }, [{ op: 'move', from: '/a', path: '/b' }], { b: 1 }],
    ['copies', { a: { x: 1 } }, [{ op: 'copy', from: '/a', path: '/b' }], { a: { x: 1 }, b: { x: 1 } }],
    ['tests', { a: 1 }, [{ op: 'test', path: '/a', value: 1 }], { a: 1 }],
    ['replaces the whole', { a: 1 }, [{ op: 'add', path: '', value: { b: 1 } }], { b: 1 }],
    ['unescapes', { 'a/b': 1, 'c~d': 2 }, [{ op: 'remove', path: '/a~1b' }], { 'c~d': 2 }],
    [
      'does one after the other',
      {},
      [
        { op: 'add', path: '/a', value: {} },
        { op: 'add', path: '/a/b', value: 1 },
      ],
      { a: { b: 1 } },
    ],
  ])('%s', (_what, target, operations, result) => {
    const before = structuredClone(target)
    expect(applyJsonPatch(target, operations)).toEqual(result)
    expect(target).toEqual(before)
  })

  test.each([
    ['a test that fails', [{ op: 'test', path: '/a', value: 2 }]],
    ['a place that is not there', [{ op: 'remove', path: '/b' }]],
    ['a parent that is not there', [{ op: 'add', path: '/b/c', value: 1 }]],
    ['an index beyond the end', [{ op: 'add', path: '/l/5', value: 1 }]],
    ['an index with a leading zero', [{ op: 'replace', path: '/l/00', value: 1 }]],
    ['an unknown operation', [{ op: 'swap', path: '/a' }]],
    ['a path that is no pointer', [{ op: 'remove', path: 'a' }]],
  ])('refuses %s', (_what, operations) => {
    expect(() => applyJsonPatch({ a: 1, l: [1] }, operations)).toThrow(
      expect.objectContaining({ status: expect.objectContaining({ code: 422, reason: 'Invalid' }) }),
    )
  })
})

describe('strategic merge patch', () => {
  const merge = (target: unknown, patch: Record<string, unknown>) =>
    strategicMerge(target, patch, builtinShape)

  test('merges maps, and null deletes', () => {
    expect(merge({ data: { a: '1', b: '2' } }, { data: { a: null, c: '3' } })).toEqual({
      data: { b: '2', c: '3' },
    })
  })

  test('merges owner references by uid and finalizers as a set', () => {
    const target = { metadata: { ownerReferences: [{ uid: '1', name: 'a' }], finalizers: ['x/a'] } }
    const patch = {
      metadata: {
        ownerReferences: [
          { uid: '1', name: 'b' },
          { uid: '2', name: 'c' },
        ],
        finalizers: ['x/a', 'x/b'],
      },
    }
    expect(merge(target, patch)).toEqual({
      metadata: {
        ownerReferences: [
          { uid: '1', name: 'b' },
          { uid: '2', name: 'c' },
        ],
        finalizers: ['x/a', 'x/b'],
      },
    })
  })

  test('merges containers by name, in the order that is asked for', () => {
    const target = {
      spec: {
        containers: [
          { name: 'a', image: '1' },
          { name: 'b', image: '1' },
        ],
      },
    }
    const patch = {
      spec: {
        '$setElementOrder/containers': [{ name: 'b' }, { name: 'a' }],
        containers: [{ name: 'a', image: '2' }],
      },
    }
    expect(merge(target, patch)).toEqual({
      spec: {
        containers: [
          { name: 'b', image: '1' },
          { name: 'a', image: '2' },
        ],
      },
    })
  })

  test('takes items out of lists', () => {
    const target = {
      metadata: { finalizers: ['x/a', 'x/b'] },
      spec: { containers: [{ name: 'a' }, { name: 'b' }] },
    }
    const patch = {
      metadata: { '$deleteFromPrimitiveList/finalizers': ['x/a'] },
      spec: { containers: [{ name: 'a', $patch: 'delete' }] },
    }
    expect(merge(target, patch)).toEqual({
      metadata: { finalizers: ['x/b'] },
      spec: { containers: [{ name: 'b' }] },
    })
  })

  test('replaces maps and lists that say so', () => {
    expect(merge({ spec: { a: 1, b: 2 } }, { spec: { $patch: 'replace', c: 3 } })).toEqual({ spec: { c: 3 } })
    const list = merge(
      { spec: { containers: [{ name: 'a' }] } },
      { spec: { containers: [{ $patch: 'replace' }, { name: 'b' }] } },
    )
    expect(list).toEqual({ spec: { containers: [{ name: 'b' }] } })
  })

  test('keeps only the retained keys', () => {
    const target = { spec: { strategy: { type: 'RollingUpdate', rollingUpdate: {} } } }
    const patch = { spec: { strategy: { $retainKeys: ['type'], type: 'Recreate' } } }
    expect(merge(target, patch)).toEqual({ spec: { strategy: { type: 'Recreate' } } })
  })

  test('tells the ports of a Service apart by their number, lists of other kinds are replaced', () => {
    const target = { spec: { ports: [{ port: 1, name: 'a' }], rules: [1] } }
    const patch = { spec: { ports: [{ port: 1, name: 'b' }, { port: 2 }], rules: [2] } }
    expect(strategicMerge(target, patch, serviceShape)).toEqual({
      spec: { ports: [{ port: 1, name: 'b' }, { port: 2 }], rules: [2] },
    })
  })
})
