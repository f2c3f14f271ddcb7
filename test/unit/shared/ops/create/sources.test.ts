import { describe, expect, test } from 'vitest'
import { parseEnvFile } from '../../../../../shared/ops/create/env-file.ts'
import { parseJsonValues } from '../../../../../shared/ops/create/json-values.ts'
import { parseFileSource, parseLiteral, parsePairs } from '../../../../../shared/ops/create/sources.ts'
import { newValues } from '../../../../../shared/ops/create/values.ts'
import { canary, expectNoCanary } from '../../../../support/canary.ts'
import '../../../../support/throw-with-code.ts'

const env = (text: string) =>
  parseEnvFile('f.env', text, { SHELL_HAS: 's' }).map(({ key, value, line }) => [key, value, line])

describe('env files', () => {
  test.each([
    [
      'A=b\r\nC=d',
      [
        ['A', 'b', 1],
        ['C', 'd', 2],
      ],
    ],
    ['\uFEFFA=b', [['A', 'b', 1]]],
    ['\n# c\n  A= b "c" # d \n', [['A', ' b "c" # d ', 3]]],
    [
      'SHELL_HAS\nNOT_THERE\n',
      [
        ['SHELL_HAS', 's', 1],
        ['NOT_THERE', '', 2],
      ],
    ],
    ['', []],
  ])('%j', (text, expected) => {
    expect(env(text)).toEqual(expected)
  })

  test.each(['A=b\nexport C=d', 'A=b\n=c', 'A=b\n1C=d', 'A=b\nC d', 'A=b\n\uFEFFC=d'])('%j', (text) => {
    expect(() => env(text)).toThrowWithCode('env-file')
  })

  test('lines longer than kubectl reads are read', () => {
    const long = 'x'.repeat(100_000)
    expect(env(`A=${long}\nB=c`)).toEqual([
      ['A', long, 1],
      ['B', 'c', 2],
    ])
  })
})

describe('JSON', () => {
  test('strings, in their order', () => {
    expect([...parseJsonValues('f', '\uFEFF{"b": "1", "a": "", "__proto__": "x"}')]).toEqual([
      ['b', '1'],
      ['a', ''],
      ['__proto__', 'x'],
    ])
  })

  test.each([
    '',
    '{',
    'null',
    '[]',
    '"a"',
    '{"a": 1}',
    '{"a": null}',
    '{"a": {"b": "c"}}',
    '{"a": "b", "\\u0061": "c"}',
  ])('%s', (text) => {
    expect(() => parseJsonValues('f', text)).toThrowWithCode('json-values')
  })
})

test('a key is put once, and has to be one', () => {
  const values = newValues()
  values.put('a', 'b')
  expect(() => values.put('a', 'b')).toThrowWithCode('value-twice')
  for (const key of ['', '..', '..a', 'a b', 'a/b', 'x'.repeat(254)])
    expect(() => values.put(key, 'b')).toThrowWithCode('data-key')
})

test('no refusal holds what was refused', () => {
  const { text } = canary()
  const refusals = [
    () => parseLiteral(text.replaceAll('=', '')),
    () => parseLiteral(`=${text}`),
    () => parseFileSource(`${text}=${text}=`),
    () => parsePairs('--label', [text]),
    () => parsePairs('--label', [`a=${text}`, `a=${text}`]),
    () => parseEnvFile('f', `${text}=x`, {}),
    () => parseJsonValues('f', text),
    () => parseJsonValues('f', JSON.stringify({ [text]: 1 })),
    () => parseJsonValues('f', JSON.stringify({ a: [text] })),
    () => newValues().put(text, text),
  ]
  for (const refuse of refusals)
    try {
      refuse()
      expect.unreachable()
    } catch (error) {
      const { message, hint = '', where } = error as Error & { hint?: string; where?: object }
      expectNoCanary(`${message} ${hint} ${JSON.stringify(where)}`)
    }
})
