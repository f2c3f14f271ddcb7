import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { raw } from 'jq-wasm'
import { describe, expect, test } from 'vitest'
import { auditLines, auditProblem } from '../../support/audit-lines.ts'
import { root } from '../../support/programs.ts'

// docs/audit.md: its lines are lines, and jq answers its questions as it says.

const page = readFileSync(join(root, 'docs/audit.md'), 'utf8')
const blocks = (language: string) =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(
    ([, text = '']) => text,
  )
const log = blocks('json').join('')
const schema = JSON.parse(readFileSync(join(root, 'schemas/audit-event.schema.json'), 'utf8'))

test('the lines are valid, and numbered without a gap', () => {
  const lines = auditLines(log)
  expect(lines.map(({ seq }) => seq)).toEqual(lines.map((_, i) => i + 1))
  expect(lines.length).toBeGreaterThan(5)
})

/** Every place of the schema that describes an object, with its path. */
function* objectsOf(schema: unknown, path = ''): Generator<[string, object]> {
  if (typeof schema !== 'object' || schema === null) return
  if ('type' in schema && schema.type === 'object') yield [path, schema]
  for (const [name, child] of Object.entries(schema)) yield* objectsOf(child, `${path}/${name}`)
}

test('the schema lets no field through that it does not name', () => {
  const places = [...objectsOf(schema.$defs)]
  expect(places.length).toBeGreaterThan(10)
  for (const [path, place] of places) expect(place, path).toHaveProperty('additionalProperties', false)
  for (const line of log.trimEnd().split('\n')) {
    const spoilt = { ...JSON.parse(line), value: 'hunter2' }
    expect(auditProblem(JSON.stringify(spoilt))).toContain('additionalProperties')
    const { seq: _, ...short } = JSON.parse(line)
    expect(auditProblem(JSON.stringify(short))).toContain('required')
  }
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

/** The code spans in the first column of a section's table. */
const column = (heading: string): string[] => {
  const section = page.split(/^##+ /m).find((text) => text.startsWith(`${heading}\n`)) ?? ''
  return [...section.matchAll(/^\| (`[^|]+`) \|/gm)].flatMap(([, cell = '']) =>
    [...cell.matchAll(/`([\w.]+)`/g)].map(([, name = '']) => name.split('.')[0] ?? ''),
  )
}

test('the page lists the fields and the types of the schema', () => {
  const types: string[] = schema.oneOf.map(({ $ref }: { $ref: string }) => $ref.split('/').at(-1))
  const fields = new Set(types.flatMap((type) => Object.keys(schema.$defs[type].properties)))
  const listed = ['apiVersion', 'kind', ...column('A line')]
  expect([...new Set(listed)].sort()).toEqual([...fields].sort())
  expect(column('What is a line')).toEqual(types)
})
