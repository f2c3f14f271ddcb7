import fc from 'fast-check'
import { expect, test } from 'vitest'
import { clauses } from '../../../cli/render/text.ts'

test.each([
  ['short enough', 12, 'short enough', []],
  [
    'a.yaml:1: no pattern: patterns begin at the folder',
    30,
    'a.yaml:1: no pattern:',
    ['patterns begin at the folder'],
  ],
  [
    'a.yaml:1: the values of one, two and three would be lost',
    40,
    'a.yaml:1: the values of one,',
    ['two and three would be lost'],
  ],
  ['a.yaml: a line of words without any end', 30, 'a.yaml: a line of words', ['without any end']],
  [
    'a/path/that/is/longer/than/the/line.yaml:1: broken',
    20,
    'a/path/that/is/longer/than/the/line.yaml:1:',
    ['broken'],
  ],
  ['one-word-that-is-longer-than-the-line', 20, 'one-word-that-is-longer-than-the-line', []],
])('%s, in %i columns', (text, room, first, rest) => {
  expect(clauses(text, room)).toEqual([first, rest])
})

test('nothing is lost, and the first line is longer than the room only if its first word is', () => {
  const words = fc
    .array(fc.stringMatching(/^[a-z]{1,30}[;:,]?$/), { minLength: 1 })
    .map((all) => all.join(' '))
  fc.assert(
    fc.property(words, fc.integer({ min: 10, max: 92 }), (text, room) => {
      const [first, rest] = clauses(text, room)
      expect([first, ...rest].join(' ')).toBe(text)
      if (first.length > room) expect(first.slice(0, room)).not.toContain(' ')
    }),
  )
})
