import { describe, expect, test } from 'vitest'
import { SealError } from '../../../../shared/errors.ts'
import { checkSchema, checkSchemaKeys } from '../../../../shared/policy/cfgu/check.ts'
import { readCfgu } from '../../../../shared/policy/cfgu/read.ts'
import { VALUE_TYPES, type ValueType } from '../../../../shared/policy/cfgu/value-types.ts'
import { canary, expectNoCanary } from '../../../support/canary.ts'
import '../../../support/throw-with-code.ts'
import { CFGU_FILES, CFGU_REFUSED, TYPE_SAMPLES } from './cfgu-samples.ts'

const bytes = (text: string) => new TextEncoder().encode(text)
const mapOf = (values: Record<string, string>) =>
  new Map(Object.entries(values).map(([key, text]) => [key, bytes(text)]))

describe('files of the forms that Configu has had load', () => {
  test.each(CFGU_FILES)('$name', ({ text, keys }) => {
    const schema = readCfgu(text)
    expect([...schema.keys.keys()]).toEqual(keys)
  })
})

describe('refused, with every place', () => {
  test.each(CFGU_REFUSED)('%s', (text, reason) => {
    try {
      readCfgu(text)
      expect.unreachable()
    } catch (error) {
      if (!(error instanceof SealError)) throw error
      expect(error.code).toBe('schema-malformed')
      expect(error.problems.map((problem) => problem.reason).join('; ')).toContain(reason)
    }
  })
})

describe('types', () => {
  test.each(TYPE_SAMPLES)('%s takes %s and not %s', (type, good, bad) => {
    for (const text of good) expect(VALUE_TYPES[type](text), text).toBe(true)
    for (const text of bad) expect(VALUE_TYPES[type](text), text).toBe(false)
  })

  test('every type that looks at the value has samples', () => {
    const unsampled = (Object.keys(VALUE_TYPES) as ValueType[])
      .filter((type) => !TYPE_SAMPLES.some(([sampled]) => sampled === type))
      .filter((type) => !VALUE_TYPES[type]('\u0001 no type of value \u0001'))
    expect(unsampled).toEqual([])
  })
})

const SCHEMA = readCfgu(`keys:
  HOST: { type: Domain, required: true }
  PORT:
    type: Number
  MODE: { enum: [fast, 7] }
  USER:
    depends: [PASSWORD]
  PASSWORD:
    pattern: ^[a-z]{4}$
  LIMITS: { schema: { type: object, properties: { cpu: { type: integer, minimum: 1 } }, additionalProperties: false } }
  HOOK: { test: validator.isURL($.value) }
  ODD: { test: $.value % 2 === 1 }
  BLOB: { type: Binary }
  MADE: { const: "$.configs.HOST.value" }
`)

const found = (values: Map<string, Uint8Array>) =>
  checkSchema(SCHEMA, values, 's.cfgu.yaml').map(({ code, severity, key, args: { key: _, ...args } }) => ({
    code,
    severity,
    key,
    args,
  }))

describe('values', () => {
  const HOST = 'db.example.com'
  const at = (line: number) => ({ schema: `s.cfgu.yaml:${line}` })
  const fail = { severity: 'fail' }

  test('that fit', () => {
    const fine = {
      HOST,
      PORT: '5432',
      MODE: '7',
      USER: 'app',
      PASSWORD: 'abcd',
      LIMITS: '{"cpu":2}',
      MADE: 'x',
    }
    expect(found(mapOf({ ...fine, HOOK: 'https://a.example/b' }))).toEqual([])
    expect(found(new Map([...mapOf({ HOST }), ['BLOB', new Uint8Array([0, 255])]]))).toEqual([])
  })

  test.each([
    ['required', {}, { ...fail, code: 'schema-missing', key: 'HOST', args: at(2) }],
    ['required and empty', { HOST: '' }, { ...fail, code: 'schema-missing', key: 'HOST', args: at(2) }],
    [
      'depends',
      { HOST, USER: 'a' },
      { ...fail, code: 'schema-missing', key: 'PASSWORD', args: { by: 'USER', ...at(7) } },
    ],
    [
      'unknown',
      { HOST, PORTT: '1' },
      { ...fail, code: 'schema-key', key: 'PORTT', args: { meant: 'PORT', schema: 's.cfgu.yaml' } },
    ],
    [
      'type',
      { HOST: 'a b' },
      { ...fail, code: 'schema-value', key: 'HOST', args: { problem: 'type', expected: 'Domain', ...at(2) } },
    ],
    [
      'pattern',
      { HOST, PASSWORD: 'ABCD' },
      { ...fail, code: 'schema-value', key: 'PASSWORD', args: { problem: 'pattern', ...at(9) } },
    ],
    [
      'options',
      { HOST, MODE: 'slow' },
      { ...fail, code: 'schema-value', key: 'MODE', args: { problem: 'options', ...at(5) } },
    ],
    [
      'schema',
      { HOST, LIMITS: '{"cpu":0}' },
      { ...fail, code: 'schema-value', key: 'LIMITS', args: { problem: 'schema', ...at(10) } },
    ],
    [
      'a call',
      { HOST, HOOK: 'no url' },
      { ...fail, code: 'schema-value', key: 'HOOK', args: { problem: 'type', expected: 'URL', ...at(11) } },
    ],
    [
      'an expression',
      { HOST, ODD: '2' },
      { severity: 'warn', code: 'schema-skipped', key: 'ODD', args: { what: '`test`', ...at(12) } },
    ],
  ])('refused with the line of the schema: %s', (_what, values, expected) => {
    expect(found(mapOf(values))).toEqual([expected])
  })

  test('that are binary', () => {
    const values = new Map([...mapOf({ HOST }), ['PORT', new Uint8Array([255])]])
    expect(found(values)).toEqual([
      { code: 'schema-value', severity: 'fail', key: 'PORT', args: { problem: 'binary', ...at(3) } },
    ])
  })

  test('without values only the keys are judged', () => {
    expect(checkSchemaKeys(SCHEMA, ['HOST', 'PORT'], 's')).toEqual([])
    expect(checkSchemaKeys(SCHEMA, ['PORT', 'X'], 's').map(({ code, key }) => [code, key])).toEqual([
      ['schema-missing', 'HOST'],
      ['schema-key', 'X'],
    ])
  })

  test('no value stands in a finding', () => {
    const secret = canary()
    const keys = [...SCHEMA.keys.keys(), 'OTHER']
    const problems = checkSchema(SCHEMA, new Map(keys.map((key) => [key, secret.bytes])), 's')
    expect(problems.length).toBeGreaterThan(7)
    expectNoCanary(JSON.stringify(problems), 'the problems', [secret])
  })
})
