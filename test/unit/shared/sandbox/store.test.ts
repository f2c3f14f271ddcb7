import { describe, expect, test } from 'vitest'
import type { KubeObject } from '../../../../shared/sandbox/objects.ts'
import { createStore } from '../../../../shared/sandbox/store.ts'

const thing = (name: string, more: object = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Thing',
  metadata: { name, namespace: 'ns' },
  ...more,
})
const names = (objects: readonly KubeObject[] | undefined) => objects?.map(({ metadata }) => metadata.name)

describe('the store', () => {
  test('gives every write the next resourceVersion, whatever it is about', () => {
    const store = createStore(10)
    const start = store.revision()
    const first = store.put('things', thing('a'))
    const second = store.put('others', thing('a'))
    expect(Number(first.metadata.resourceVersion)).toBe(start + 1)
    expect(Number(second.metadata.resourceVersion)).toBe(start + 2)
    expect(store.remove('things', 'ns/a')?.metadata.resourceVersion).toBe(String(start + 3))
    expect(store.remove('things', 'ns/a')).toBeUndefined()
    expect(store.revision()).toBe(start + 3)
  })

  test('lists in the order of keys and does not change what it gave out', () => {
    const store = createStore(10)
    for (const name of ['b', 'c', 'a']) store.put('things', thing(name))
    const before = store.all('things')
    store.put('things', thing('0'))
    expect(names(before)).toEqual(['a', 'b', 'c'])
    expect(names(store.all('things'))).toEqual(['0', 'a', 'b', 'c'])
  })

  test('tells what happened since a revision, and how it was then', () => {
    const store = createStore(10)
    store.put('things', thing('a', { v: 1 }))
    store.put('things', thing('b'))
    const then = store.revision()
    store.put('things', thing('a', { v: 2 }))
    store.remove('things', 'ns/b')
    store.put('things', thing('c'))
    expect(store.since('things', then)?.map(({ type, object }) => `${type} ${object.metadata.name}`)).toEqual(
      ['MODIFIED a', 'DELETED b', 'ADDED c'],
    )
    expect(names(store.at('things', then))).toEqual(['a', 'b'])
    expect(store.at('things', then)?.[0]?.v).toBe(1)
    expect(names(store.all('things'))).toEqual(['a', 'c'])
    expect(store.since('others', then)).toEqual([])
  })

  test('forgets after so many writes, and at once when compacted', () => {
    const store = createStore(2)
    const start = store.revision()
    for (let i = 0; i < 5; i++) store.put('things', thing('a', { i }))
    expect(store.since('things', start)).toBeUndefined()
    expect(store.since('things', store.revision() - 2)).toHaveLength(2)
    store.compact()
    expect(store.since('things', store.revision() - 1)).toBeUndefined()
    expect(store.since('things', store.revision())).toEqual([])
    expect(store.oldest()).toBe(store.revision())
  })

  test('tells its subscribers until they leave', () => {
    const store = createStore(10)
    const seen: string[] = []
    const leave = store.subscribe((collection, { type }) => seen.push(`${collection} ${type}`))
    store.put('things', thing('a'))
    store.put('things', thing('a'))
    leave()
    store.remove('things', 'ns/a')
    expect(seen).toEqual(['things ADDED', 'things MODIFIED'])
  })
})
