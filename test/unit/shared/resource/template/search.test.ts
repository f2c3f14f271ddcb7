import fc from 'fast-check'
import { expect, test } from 'vitest'
import { contains, pieces } from '../../../../../shared/resource/template/functions/search.ts'

/** Long, and of two letters alone: beginnings of it stand everywhere. */
const pattern = fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 33, maxLength: 60 })

test('a long separator splits as a short one would', () => {
  fc.assert(
    fc.property(pattern, fc.array(fc.oneof(fc.nat(60), fc.constant(-1))), (separator, parts) => {
      const text = parts.map((length) => (length < 0 ? separator : separator.slice(0, length))).join('')
      expect([...pieces(text, separator)]).toEqual(text.split(separator))
      expect(contains(text, separator)).toBe(text.includes(separator))
    }),
    { numRuns: 2_000 },
  )
})

test.each([
  ['', '', []],
  ['', 'x', ['']],
  ['a,b,,', ',', ['a', 'b', '', '']],
  ['\xc3\xa9\xff', '', ['\xc3\xa9', '\xff']],
])('%j by %j', (text, separator, expected) => {
  expect([...pieces(text, separator)]).toEqual(expected)
})
