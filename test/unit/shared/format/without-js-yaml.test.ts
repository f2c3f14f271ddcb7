import fc from 'fast-check'
import * as library from 'js-yaml'
import { expect, test } from 'vitest'
import { astOfObject, astOfTexts } from '../../../../shared/format/ast.ts'
import * as styles from '../../../../shared/format/js-yaml/styles.ts'
import { isText } from '../../../../shared/format/word.ts'

const RUNS = { numRuns: 20_000 }
const TYPES = [
  library.nullCoreTag,
  library.nullYaml11Tag,
  library.boolCoreTag,
  library.boolYaml11Tag,
  library.intCoreTag,
  library.intYaml11Tag,
  library.floatCoreTag,
  library.floatYaml11Tag,
  library.timestampTag,
]
const isTyped = (text: string): boolean =>
  TYPES.some((tag) => tag.resolve(text, false, tag.tagName) !== library.NOT_RESOLVED)

const WORDS = ['null', 'Null', 'NULL', '~', '', 'true', 'TRUE', 'yes', 'No', 'y', 'N', 'on', 'OFF', '.inf']
const NUMBERS = ['.NaN', '-.Inf', '0x1F', '0o17', '0b1_0', '1e3', '-1.5E+7', '190:20:30.15', '+1_000', '012']
const DATES = ['2026-01-02', '2001-12-14t21:59:43.10-05:00', '2001-12-14 21:59:43.10 -5', '2001-1-1T1:2:3Z']

test('what is taken for text at a glance is text for every reader', () => {
  for (const text of [...WORDS, ...NUMBERS, ...DATES]) expect(isText(text), text).toBe(false)
  const piece = fc.oneof(
    fc.constantFrom(...WORDS, ...NUMBERS, ...DATES, ...'0123456789+-.:_ \teExXoObBTtZz~'),
    fc.string({ maxLength: 2, unit: 'binary' }),
  )
  const texts = fc.array(piece, { maxLength: 4 }).map((pieces) => pieces.join(''))
  fc.assert(
    fc.property(texts, (text) => !(isText(text) && isTyped(text))),
    RUNS,
  )
})

test.each(['https://shop/', 'nclQiWkrUZykR3iX/+1w==', 'postgres://db.shop.svc:5432/shop', '1 apple', 'db'])(
  '%s is taken so',
  (text) => {
    expect(isText(text)).toBe(true)
  },
)

test('the tree of texts is that of js-yaml', () => {
  const texts = fc.letrec<{ any: unknown }>((tie) => ({
    any: fc.oneof(
      { maxDepth: 4 },
      fc.string(),
      fc.array(tie('any'), { maxLength: 3 }),
      fc.dictionary(fc.oneof(fc.string(), fc.constant('__proto__'), fc.nat().map(String)), tie('any')),
    ),
  })).any
  fc.assert(
    fc.property(texts, (value) => {
      const [document] = library.jsToAst(value, library.DUMP_SCHEMA, { noRefs: true })
      expect(astOfTexts(value)).toEqual(document?.contents)
    }),
    { numRuns: 2000 },
  )
})

test('everything else is left to js-yaml', () => {
  const others = [
    1,
    true,
    null,
    { a: undefined, b: 'x' },
    { a: [1] },
    { a: new Date(0) },
    ['x', new Uint8Array(2)],
  ]
  for (const other of others) {
    const [document] = library.jsToAst(other, library.DUMP_SCHEMA, { noRefs: true })
    expect(astOfTexts(other)).toBeUndefined()
    expect(astOfObject(other)).toEqual(document?.contents)
  }
})

test('the names of tags are those of js-yaml', () => {
  expect([styles.STR_TAG, styles.SEQ_TAG, styles.MAP_TAG]).toEqual(
    [library.strTag, library.seqTag, library.mapTag].map(({ tagName }) => tagName),
  )
})
