import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import { describe, expect, test } from 'vitest'
import { CHECK_CODES } from '../../../../shared/check-codes/all.ts'
import { SCHEMA } from '../../../../shared/check-codes/policy.ts'
import { SealError } from '../../../../shared/errors.ts'
import { toPlain } from '../../../../shared/format/plain.ts'
import { parseYaml } from '../../../../shared/format/yaml.ts'
import { CHARSETS } from '../../../../shared/policy/charsets.ts'
import { readPolicy } from '../../../../shared/policy/read.ts'
import { root } from '../../../support/programs.ts'
import '../../../support/throw-with-code.ts'
import { ID, POLICIES } from './samples.ts'

const schema = JSON.parse(readFileSync(join(root, 'schemas/waxwing-policy.schema.json'), 'utf8'))
const validates = new Ajv({ strict: false, allErrors: true }).compile(schema)
/** With prototypes, as an editor has it. */
const dataOf = (text: string): unknown => {
  const node = parseYaml(text)
  return node && JSON.parse(JSON.stringify(toPlain(node).data))
}

/** All reasons of the refusal, or that there was none. */
function reasonsOf(text: string): string {
  try {
    readPolicy(text)
    return 'accepted'
  } catch (error) {
    if (!(error instanceof SealError)) throw error
    expect(error.code).toBe('policy-malformed')
    return error.problems.map(({ reason }) => reason).join('; ')
  }
}

describe('a policy with', () => {
  test.each(POLICIES)('$name', ({ text, refused, editor = true }) => {
    expect(reasonsOf(text)).toContain(refused ?? 'accepted')
    // What an editor underlines is what the program refuses, and nothing else.
    expect(validates(dataOf(text)), JSON.stringify(validates.errors)).toBe(!(refused && editor))
  })
})

test('every field is read, with its line', () => {
  const policy = readPolicy(`recipients:
  prod: { file: keys/prod.key.yaml, id: ${ID} }

rules:
  # the shop
  - match: apps/shop/**
    recipients: [prod]
    scope: namespace
    types: [Opaque]
    name: db-*
    namespace: shop
    generate:
      password: { length: 32 }
      "10": { length: 4, characters: "1231" }
    maxAge:
      "*": 12w
      "1": 1y
    schema: shop.cfgu.yaml
    allow: value-newline
  - match: [b, c]
`)
  const prod = { name: 'prod', file: 'keys/prod.key.yaml', id: ID, line: 2 }
  expect(policy.recipients).toEqual(new Map([['prod', prod]]))
  expect(policy.rules).toEqual([
    {
      line: 6,
      match: ['apps/shop/**'],
      recipients: [prod],
      scope: 'namespace',
      types: ['Opaque'],
      name: ['db-*'],
      namespace: ['shop'],
      // In the order of the file, numbers or not.
      generate: [
        { key: 'password', length: 32, charset: CHARSETS.get('alnum'), line: 13 },
        { key: '10', length: 4, charset: '123', line: 14 },
      ],
      maxAge: [
        { key: '*', days: 84, line: 16 },
        { key: '1', days: 365, line: 17 },
      ],
      schema: 'shop.cfgu.yaml',
      allow: new Set(['value-newline']),
      lines: new Map([
        ['match', 6],
        ['recipients', 7],
        ['scope', 8],
        ['types', 9],
        ['name', 10],
        ['namespace', 11],
        ['generate', 12],
        ['maxAge', 15],
        ['schema', 18],
        ['allow', 19],
      ]),
    },
    {
      line: 20,
      match: ['b', 'c'],
      generate: [],
      maxAge: [],
      allow: new Set(),
      lines: new Map([['match', 20]]),
    },
  ])
})

test.each(['', '# nothing\n', '---\n'])('an empty policy is refused: %j', (text) => {
  expect(() => readPolicy(text)).toThrowWithCode('policy-malformed')
})

test("the editor's schema knows the same words", () => {
  const rule = schema.properties.rules.items.properties
  expect(rule.generate.additionalProperties.properties.charset.enum.toSorted()).toEqual(
    [...CHARSETS.keys()].toSorted(),
  )
  const codes = [...Object.keys(CHECK_CODES), ...Object.keys(SCHEMA)].filter(
    (code) => code !== 'schema-malformed',
  )
  expect(schema.definitions.code.enum.toSorted()).toEqual(codes.toSorted())
})
