import { expect, test } from 'vitest'
import { dueKeys, planRotate } from '../../../../shared/ops/rotate.ts'
import { seededRandom } from '../../../support/objects.ts'

const recipe = { length: 24, charset: '0123456789abcdef' }
const drawn = (keys: readonly string[], seed = 7) =>
  planRotate(keys, (key) => (key === 'open' ? undefined : recipe), seededRandom(seed))

test('draws a value for each key with a recipe, and names the others', () => {
  const { values, open } = drawn(['a', 'open', 'b'])
  expect([...values.keys()]).toEqual(['a', 'b'])
  expect(open).toEqual(['open'])
  const texts = [...values.values()].map((value) => Buffer.from(value).toString())
  for (const text of texts) expect(text).toMatch(/^[0-9a-f]{24}$/)
  expect(new Set(texts).size).toBe(2)
})

test('draws anew each time', () => {
  expect(drawn(['a'], 1).values).not.toEqual(drawn(['a'], 2).values)
})

test('only what is due', () => {
  expect(
    dueKeys([
      { key: 'old', days: 100, limit: 90, sealedAt: 'then', state: 'due' },
      { key: 'new', days: 1, limit: 90, sealedAt: 'then', state: 'ok' },
      { key: 'unknown', state: 'unknown' },
    ]),
  ).toEqual(['old'])
})
