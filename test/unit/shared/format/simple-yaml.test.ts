import fc from 'fast-check'
import { COLLECTION_STYLE, DUMP_SCHEMA, jsToAst, present } from 'js-yaml'
import { expect, test } from 'vitest'
import { blockText } from '../../../../shared/format/block-text.ts'
import { parseSimpleYaml } from '../../../../shared/format/simple-yaml.ts'
import { parseYaml } from '../../../../shared/format/yaml.ts'

void COLLECTION_STYLE
const word = fc.oneof(
  fc.constantFrom('kind', 'yes', 'No', 'null', 'a.b/c-d', 'name', 'x1', 'e5', 'true', 'data', 'y', 'a+b='),
  fc.stringMatching(/^[A-Za-z][-\w./]{0,8}$/),
)
const value = fc.oneof(
  word,
  fc.stringMatching(/^[ -~]{0,12}$/),
  fc.stringMatching(/^[A-Za-z0-9][-\w+/=.@:#,;%!&*() ]{0,10}$/),
  fc.stringMatching(/^"[ -~]{0,8}"$/),
  fc.constantFrom(
    '',
    'deep',
    'deep',
    '"a b"',
    '"a',
    '1:2',
    '12:30:00',
    'a: b',
    'a #b',
    'a:',
    'a ',
    '|',
    '>-',
    '&a',
    '*a',
    '{}',
    '[]',
    '- a',
    '!!str a',
    '~',
    "'x'",
    'postgres://shop@db:5432/shop',
  ),
)
const line = fc
  .tuple(
    fc.constantFrom(0, 0, 2, 2, 4, 1),
    word,
    value,
    fc.constantFrom('\n', ...Array(12).fill('\n'), '\r\n', ' \n', ''),
  )
  .map(([indent, key, text, end]) =>
    text === 'deep'
      ? `a:\n  ${key}: b\n`
      : `${' '.repeat(indent)}${key}:${text === '' ? '' : ` ${text}`}${end}`,
  )

function anyYaml(text: string) {
  try {
    return parseYaml(text)
  } catch {
    return 'refused'
  }
}

test('a text that is read line by line is what the parser reads', () => {
  let simple = 0
  fc.assert(
    fc.property(fc.array(line, { minLength: 1, maxLength: 6 }), (lines) => {
      const text = lines.join('')
      const quick = parseSimpleYaml(text)
      if (quick === undefined) return
      simple += 1
      expect(quick, text).toEqual(anyYaml(text))
    }),
    { numRuns: Number(process.env.RUNS ?? 20_000) },
  )
  expect(simple).toBeGreaterThan(500)
})

const tree = fc.letrec((tie) => ({
  node: fc.oneof(
    { maxDepth: 4 },
    value,
    fc.stringMatching(/^\{"[ -~]{0,12}$/),
    fc.string(),
    fc.constantFrom<unknown>(true, null, 1, 'x'.repeat(1500), 'a\nb\n'),
    fc.array(tie('node'), { maxLength: 3 }),
    fc.dictionary(fc.oneof(word, value), tie('node'), { maxKeys: 4 }),
  ),
})).node

test('a tree that is written line by line is what the presenter writes', () => {
  let simple = 0
  fc.assert(
    fc.property(tree, (object) => {
      const contents = jsToAst(object, DUMP_SCHEMA, { noRefs: true })[0]?.contents
      if (!contents) return
      const text = blockText(contents)
      if (text === undefined) return
      simple += 1
      expect(text).toBe(
        present([{ contents, directives: [] }], { schema: DUMP_SCHEMA, lineWidth: -1, quoteStyle: 'double' }),
      )
    }),
    { numRuns: Number(process.env.RUNS ?? 20_000) },
  )
  expect(simple).toBeGreaterThan(500)
})
