import { describe, expect, test } from 'vitest'
import { createCache } from '../../../controller/cache.ts'

const id = (name: string, namespace = 'shop') => ({ name, namespace })
const upsert = (name: string, namespace?: string) => ({
  type: 'upsert' as const,
  object: { metadata: id(name, namespace) },
})
const remove = (name: string) => ({ type: 'delete' as const, id: id(name) })
const SYNCED = { type: 'synced' as const }
const LISTING = { type: 'listing' as const }
const v = (resourceVersion: string) => ({ resourceVersion })

describe('the cache', () => {
  test('has what the watch says', () => {
    const cache = createCache()
    expect(cache.apply(upsert('a'), v('1'))).toEqual(['shop/a'])
    expect(cache.get('shop/a')).toEqual(v('1'))
    expect(cache.apply(remove('a'))).toEqual(['shop/a'])
    expect(cache.get('shop/a')).toBeUndefined()
    expect(cache.size()).toBe(0)
  })

  test('has our write before the watch brings it, and lets older events pass', () => {
    const cache = createCache()
    cache.apply(upsert('a'), v('1'))
    const write = cache.expect('shop/a')
    write.wrote(v('3'))
    write.end()
    cache.apply(upsert('a'), v('2'))
    expect(cache.get('shop/a')).toEqual(v('3'))
    cache.apply(upsert('a'), v('3'))
    cache.apply(upsert('a'), v('4'))
    expect(cache.get('shop/a')).toEqual(v('4'))
  })

  test('is not held back by a write whose event came before its answer', () => {
    const cache = createCache()
    const write = cache.expect('shop/a')
    cache.apply(upsert('a'), v('3'))
    cache.apply(upsert('a'), v('4'))
    write.wrote(v('3'))
    write.end()
    expect(cache.get('shop/a')).toEqual(v('4'))
  })

  test('nor by one that was followed by a deletion', () => {
    const cache = createCache()
    const write = cache.expect('shop/a')
    cache.apply(upsert('a'), v('3'))
    cache.apply(remove('a'))
    write.wrote(v('3'))
    expect(cache.get('shop/a')).toBeUndefined()
  })

  test('nor by one that changed nothing, which has no event', () => {
    const cache = createCache()
    cache.apply(upsert('a'), v('1'))
    const write = cache.expect('shop/a')
    cache.apply(upsert('a'), v('2'))
    write.wrote(v('1'))
    expect(cache.get('shop/a')).toEqual(v('2'))
  })

  test('keeps a new object while the deletion of its predecessor is on its way', () => {
    const cache = createCache()
    cache.apply(upsert('a'), v('1'))
    const write = cache.expect('shop/a')
    write.wrote(v('3'))
    cache.apply(remove('a'))
    expect(cache.get('shop/a')).toEqual(v('3'))
  })

  test('gives up unseen writes with a new list, and has their keys looked at again', () => {
    const cache = createCache()
    for (const [key, version] of [
      ['shop/a', '3'],
      ['other/b', '4'],
    ] as const) {
      const write = cache.expect(key)
      write.wrote(v(version))
      write.end()
    }
    expect(cache.apply(SYNCED, undefined, 'shop')).toEqual(['shop/a'])
    expect(cache.get('shop/a')).toBeUndefined()
    expect(cache.get('other/b')).toEqual(v('4'))
    expect(cache.apply(SYNCED)).toEqual(['other/b'])
  })

  test('keeps a write of what the list under way had shown: its event comes after that list', () => {
    const cache = createCache()
    const write = (key: string, version: string) => {
      const expectation = cache.expect(key)
      expectation.wrote(v(version))
      expectation.end()
    }
    cache.apply(LISTING)
    cache.apply(upsert('a'), v('1'))
    write('shop/a', '3')
    write('shop/b', '4')
    expect(cache.apply(SYNCED)).toEqual(['shop/b'])
    expect(cache.get('shop/a')).toEqual(v('3'))
    // The next list is later than that write.
    cache.apply(LISTING)
    cache.apply(upsert('a'), v('5'))
    expect(cache.apply(SYNCED)).toEqual(['shop/a'])
    expect(cache.get('shop/a')).toEqual(v('5'))
  })

  test('of one namespace a list says nothing of writes to another', () => {
    const cache = createCache()
    cache.apply(LISTING, undefined, 'other')
    cache.apply(upsert('a'), v('1'), 'shop')
    const expectation = cache.expect('shop/a')
    expectation.wrote(v('3'))
    expectation.end()
    expect(cache.apply(SYNCED, undefined, 'other')).toEqual([])
    expect(cache.apply(SYNCED, undefined, 'shop')).toEqual(['shop/a'])
  })

  test('keeps what can be had again while there is room for it, and has room again for what is replaced or gone', () => {
    interface Laden {
      resourceVersion: string
      text?: string
    }
    const cache = createCache<Laden>({
      weigh: ({ text = '' }) => text.length,
      without: ({ resourceVersion }) => ({ resourceVersion }),
      most: 10,
    })
    const put = (name: string, version: string, text?: string) =>
      cache.apply(upsert(name), { ...v(version), ...(text && { text }) })
    put('a', '1', 'aaaaaa')
    put('b', '1', 'bbbbbb')
    expect(cache.get('shop/a')).toEqual({ ...v('1'), text: 'aaaaaa' })
    expect(cache.get('shop/b')).toEqual(v('1'))
    put('a', '2', 'aaaa')
    put('b', '2', 'bbbbbb')
    expect(cache.get('shop/b')).toEqual({ ...v('2'), text: 'bbbbbb' })
    put('c', '1', 'c')
    expect(cache.get('shop/c')).toEqual(v('1'))
    put('a', '3')
    cache.apply(remove('b'))
    cache.apply(remove('b'))
    put('c', '2', 'cccccccccc')
    expect(cache.get('shop/c')).toEqual({ ...v('2'), text: 'cccccccccc' })
    put('d', '1', 'd')
    expect(cache.get('shop/d')).toEqual(v('1'))
  })
})
