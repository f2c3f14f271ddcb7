import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { raw } from 'jq-wasm'
import { describe, expect, test } from 'vitest'
import { auditLines } from '../../support/audit-lines.ts'
import { root } from '../../support/programs.ts'

// docs/audit.md: its lines are lines, and jq answers its questions as it says.

const page = readFileSync(join(root, 'docs/audit.md'), 'utf8')
const blocks = (language: string) =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(
    ([, text = '']) => text,
  )
const log = blocks('json').join('')

test('the lines are valid, and numbered without a gap', () => {
  const lines = auditLines(log)
  expect(lines.map(({ seq }) => seq)).toEqual(lines.map((_, i) => i + 1))
  expect(lines.length).toBeGreaterThan(5)
})

const questions = blocks('sh').filter((text) => text.startsWith('jq '))

test('there are questions', () => {
  expect(questions).toHaveLength(5)
})

describe('jq', () => {
  test.each(questions)('%s', async (block) => {
    const [command = '', ...answer] = block.trimEnd().split('\n')
    const [, flags = '', filter = ''] = /^jq (-\w+) '([^']+)' audit\.log$/.exec(command) ?? []
    expect(await raw(log, filter, [flags])).toBe(answer.map((line) => line.replace(/^# /, '')).join('\n'))
  })
})

test('the page lists the fields and the types of the schema', () => {
  const schema = JSON.parse(readFileSync(join(root, 'schemas/audit-event.schema.json'), 'utf8'))
  const types = schema.oneOf.map(({ $ref }: { $ref: string }) => $ref.split('/').at(-1))
  const fields = new Set<string>(types.flatMap((type: string) => Object.keys(schema.$defs[type].properties)))
  const listed = [...page.matchAll(/^\| (`[^|]+`) \|/gm)].flatMap(([, cell = '']) =>
    [...cell.matchAll(/`([\w.]+)`/g)].map(([, name = '']) => name.split('.')[0] ?? ''),
  )
  expect([...new Set(listed.filter((name) => fields.has(name) || !types.includes(name)))].sort()).toEqual(
    [...fields].filter((name) => name !== 'apiVersion' && name !== 'kind').sort(),
  )
  for (const type of types) expect(listed, type).toContain(type)
})
