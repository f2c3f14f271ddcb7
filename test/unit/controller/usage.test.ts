import { describe, expect, test } from 'vitest'
import { createUsageCounter } from '../../../controller/keys/usage.ts'

const spec = (...envelopes: string[][]) => ({
  envelopes: envelopes.map((ids) => ({ recipients: ids.map((key) => ({ key, kem: '', wrap: '' })) })),
})
const keys = (...ids: string[]) => ids.map((id) => ({ id: id.replace('-', ''), active: !id.startsWith('-') }))

function counter() {
  let changes = 0
  const usage = createUsageCounter(() => {
    changes += 1
  })
  return { ...usage, changes: () => changes }
}
type Counter = ReturnType<typeof counter>
/** `a 2/1`: two objects name it, one needs it. */
const shown = (usage: Counter, ...ids: string[]) =>
  [...usage.count(keys(...ids))].map(([id, { usable, needed }]) => `${id} ${usable}/${needed}`)

describe('a key is needed', () => {
  test.each<[string, string[][], string[], string[]]>([
    ['by an object of which it is the only recipient', [['a']], ['a', 'b'], ['a 1/1', 'b 0/0']],
    ['though a key of others is a recipient', [['a', 'recovery']], ['a', 'b'], ['a 1/1', 'b 0/0']],
    ['not beside another active key that is here', [['a', 'b']], ['a', 'b'], ['a 1/0', 'b 1/0']],
    ['beside a retired one, which is not', [['a', 'b']], ['a', '-b'], ['a 1/1', 'b 1/0']],
    ['each of two retired ones', [['a', 'b']], ['-a', '-b', 'c'], ['a 1/1', 'b 1/1', 'c 0/0']],
    ['for one envelope of several', [['a', 'b'], ['a']], ['a', 'b'], ['a 1/1', 'b 1/0']],
    ['by each envelope for itself', [['a'], ['b']], ['a', 'b'], ['a 1/1', 'b 1/1']],
    ['by nothing that does not name it', [['c']], ['a'], ['a 0/0']],
    ['by no object without envelopes', [], ['a'], ['a 0/0']],
  ])('%s', (_what, envelopes, held, expected) => {
    const usage = counter()
    usage.see('shop/db', spec(...envelopes))
    expect(shown(usage, ...held)).toEqual(expected)
  })
})

describe('counting', () => {
  test('follows objects that come, change and go', () => {
    const usage = counter()
    for (const name of ['x', 'y', 'z']) usage.see(name, spec(['a']))
    expect(shown(usage, 'a', 'b')).toEqual(['a 3/3', 'b 0/0'])
    usage.see('y', spec(['b', 'a']))
    usage.see('z', spec(['b']))
    expect(shown(usage, 'a', 'b')).toEqual(['a 2/1', 'b 2/1'])
    usage.see('x')
    usage.see('y')
    usage.see('nothing')
    expect(shown(usage, 'a', 'b')).toEqual(['a 0/0', 'b 1/1'])
  })

  test('tells of a change, and of nothing else', () => {
    const usage = counter()
    usage.see('x', spec(['a', 'b'], ['c']))
    usage.see('x', spec(['c'], ['b', 'a']))
    usage.see('x', { ...spec(['a', 'b'], ['c']), template: {} })
    expect(usage.changes()).toBe(1)
    usage.see('x', spec(['c']))
    usage.see('x')
    usage.see('x')
    expect(usage.changes()).toBe(3)
  })

  test('stumbles over nothing that may stand in a spec', () => {
    const usage = counter()
    const junk: unknown[] = [
      null,
      7,
      'x',
      [],
      { envelopes: {} },
      { envelopes: [null, 3, { recipients: 'a' }] },
    ]
    junk.push({
      envelopes: [{ recipients: [null, { key: 1 }, { key: '' }, { key: 'a b' }, { key: 'x'.repeat(65) }] }],
    })
    for (const [i, spec] of junk.entries()) usage.see(`junk-${i}`, spec)
    expect(usage.changes()).toBe(0)
    usage.see('mixed', { envelopes: [{ recipients: [{ key: 'a' }, { key: 'a' }, {}] }, {}] })
    expect(shown(usage, 'a')).toEqual(['a 1/1'])
  })

  test('10,000 objects with the same recipients cost one set', () => {
    const usage = counter()
    for (let i = 0; i < 10_000; i++) usage.see(`ns/${i}`, spec(['a', 'recovery']))
    const started = performance.now()
    expect(shown(usage, 'a')).toEqual(['a 10000/10000'])
    expect(performance.now() - started).toBeLessThan(50)
  })
})
