import { Ajv } from 'ajv'
import { expect, test } from 'vitest'
import { findingsSarif } from '../../../cli/render/sarif.ts'
import type { Finding } from '../../../shared/check/finding.ts'
import { CODES, type Code } from '../../../shared/codes.ts'

const finding = (code: Code, rest: Partial<Finding> = {}): Finding => ({
  code,
  severity: 'fail',
  args: { reason: 'words' },
  ...rest,
})
const run = (...findings: Finding[]) => JSON.parse(findingsSarif(findings)).runs[0]

test('a log of version 2.1.0 with one run', () => {
  const log = JSON.parse(findingsSarif([]))
  expect(log).toMatchObject({
    version: '2.1.0',
    runs: [{ tool: { driver: { name: 'waxwing', rules: [] } } }],
  })
  expect(log.$schema).toMatch(/sarif-schema-2\.1\.0\.json$/)
  expect(log.runs[0].results).toEqual([])
})

test('each result with its rule, level, words and place', () => {
  const { results, tool } = run(
    finding('tampered', { file: 'a.yaml', line: 4, column: 9 }),
    finding('key-stale', { severity: 'warn', file: 'a.yaml' }),
    finding('tampered', { hint: 'Do it.' }),
  )
  expect(tool.driver.rules.map(({ id }: { id: string }) => id)).toEqual(['key-stale', 'tampered'])
  expect(results).toEqual([
    {
      ruleId: 'tampered',
      ruleIndex: 1,
      level: 'error',
      message: { text: `words; fix: ${CODES.tampered.fix}` },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: 'a.yaml' },
            region: { startLine: 4, startColumn: 9 },
          },
        },
      ],
    },
    {
      ruleId: 'key-stale',
      ruleIndex: 0,
      level: 'warning',
      message: { text: `words; fix: ${CODES['key-stale'].fix}` },
      locations: [{ physicalLocation: { artifactLocation: { uri: 'a.yaml' } } }],
    },
    {
      ruleId: 'tampered',
      ruleIndex: 1,
      level: 'error',
      message: { text: 'words; fix: Do it.' },
      locations: [],
    },
  ])
})

test.each([
  ['./my apps/d#b.yaml', 'my%20apps/d%23b.yaml'],
  ['../x/é.yaml', '../x/%C3%A9.yaml'],
  ['/srv/a b.yaml', 'file:///srv/a%20b.yaml'],
  ['stdin', 'stdin'],
])('%s is named %s', (file, uri) => {
  expect(run(finding('moved', { file })).results[0].locations[0].physicalLocation.artifactLocation).toEqual({
    uri,
  })
})

const object = (properties: object, required: string[] = []) => ({
  type: 'object',
  additionalProperties: false,
  properties,
  required,
})
const message = object({ text: { type: 'string' } }, ['text'])
const array = (items: object) => ({ type: 'array', uniqueItems: true, items })

/** Of the published schema (OASIS SARIF 2.1.0, errata 01) what we use, with its names, types and bounds. */
const SUBSET = object(
  {
    $schema: { type: 'string' },
    version: { enum: ['2.1.0'] },
    runs: array(
      object(
        {
          tool: object(
            {
              driver: object(
                {
                  name: { type: 'string' },
                  semanticVersion: { type: 'string' },
                  rules: array(
                    object(
                      {
                        id: { type: 'string' },
                        shortDescription: message,
                        fullDescription: message,
                        help: message,
                      },
                      ['id'],
                    ),
                  ),
                },
                ['name'],
              ),
            },
            ['driver'],
          ),
          columnKind: { enum: ['utf16CodeUnits', 'unicodeCodePoints'] },
          results: {
            type: 'array',
            items: object(
              {
                ruleId: { type: 'string' },
                ruleIndex: { type: 'integer', minimum: -1 },
                level: { enum: ['none', 'note', 'warning', 'error'] },
                message,
                locations: {
                  type: 'array',
                  items: object({
                    physicalLocation: object({
                      artifactLocation: object({ uri: { type: 'string' } }),
                      region: object({
                        startLine: { type: 'integer', minimum: 1 },
                        startColumn: { type: 'integer', minimum: 1 },
                      }),
                    }),
                  }),
                },
              },
              ['message'],
            ),
          },
        },
        ['tool'],
      ),
    ),
  },
  ['version', 'runs'],
)

test('every code, in the shape of the published schema', () => {
  const codes = Object.keys(CODES) as Code[]
  const all = codes.map((code, i) =>
    finding(code, { severity: i % 2 ? 'warn' : 'fail', file: `${i}.yaml`, line: 1 }),
  )
  const valid = new Ajv().compile(SUBSET)
  valid(JSON.parse(findingsSarif([...all, finding('moved')])))
  expect(valid.errors).toBeNull()
  expect(valid({ version: '2.1.0', runs: [{ results: [] }] })).toBe(false)
})
