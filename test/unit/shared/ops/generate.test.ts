import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { parseGenerate } from '../../../../cli/commands/create/generate-flag.ts'
import { generateValue } from '../../../../shared/ops/generate.ts'
import { CHARSETS } from '../../../../shared/policy/charsets.ts'

/** The same bytes in every run, with no pattern that would matter. */
function seeded(seed: string): (size: number) => Uint8Array {
  let block = 0
  return (size) => {
    const chunks: Buffer[] = []
    for (let have = 0; have < size; have += 32)
      chunks.push(createHash('sha256').update(`${seed} ${block++}`).digest())
    return new Uint8Array(Buffer.concat(chunks).subarray(0, size))
  }
}

/** Pearson's: how far the counts are from all being the same. */
function chiSquare(text: string, characters: readonly string[]): number {
  const counts = new Map(characters.map((character) => [character, 0]))
  for (const character of text) counts.set(character, (counts.get(character) ?? Number.NaN) + 1)
  const expected = text.length / characters.length
  return [...counts.values()].reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
}

describe('every character of a set has the same chance', () => {
  const sets = [
    ...CHARSETS,
    ['two', 'ab'],
    ['three', 'abc'],
    ['129', String.fromCharCode(...Array.from({ length: 129 }, (_, i) => 0x100 + i))],
  ] as const

  test.each(sets)('%s', (name, charset) => {
    const characters = [...charset]
    const text = generateValue(100_000, charset, seeded(name))
    expect(text).toHaveLength(100_000)
    // Wilson and Hilferty: with this many degrees of freedom a fair draw stays below it but once in 100,000 times.
    const freedom = characters.length - 1
    const bound = freedom * (1 - 2 / (9 * freedom) + 4.265 * Math.sqrt(2 / (9 * freedom))) ** 3
    expect(chiSquare(text, characters)).toBeLessThan(bound)
  })

  test('and the measure would notice a remainder that is taken without looking', () => {
    const characters = [...(CHARSETS.get('alnum') ?? '')]
    const biased = Array.from(seeded('x')(100_000), (byte) => characters[byte % 62]).join('')
    expect(chiSquare(biased, characters)).toBeGreaterThan(500)
  })
})

test('bytes beyond the last whole multiple are drawn again', () => {
  const drawn = [255, 254, 253, 252, 251, 250, 1]
  const asked: number[] = []
  const random = (size: number) => {
    asked.push(size)
    return Uint8Array.from({ length: size }, () => drawn.shift() ?? 0)
  }
  // 250 is 25 × 10: 250 to 255 do not count.
  expect(generateValue(3, '0123456789', random)).toBe('100')
  expect(asked).toEqual([3, 3, 3])
})

test('one character, or more than a byte can tell apart, is no set', () => {
  for (const set of ['', 'a', 'é'.repeat(257)])
    expect(() => generateValue(1, set, seeded(''))).toThrow(RangeError)
})

test.each([
  ['password=24', { key: 'password', length: 24, charset: CHARSETS.get('alnum') }],
  ['p=6:digits', { key: 'p', length: 6, charset: '0123456789' }],
  ['p=6:[0-9]', { key: 'p', length: 6, charset: '0123456789' }],
  ['p=6:[-a-c]', { key: 'p', length: 6, charset: '-abc' }],
  ['p=6:[a-c-]', { key: 'p', length: 6, charset: 'abc-' }],
  ['p=6:[]:[=]', { key: 'p', length: 6, charset: ']:[=' }],
  ['p=1:ascii', { key: 'p', length: 1, charset: CHARSETS.get('ascii') }],
])('--generate %s', (text, expected) => {
  expect(parseGenerate(text)).toEqual(expected)
})
