import fc from 'fast-check'
import { expect, test } from 'vitest'
import { SealError } from '../../shared/errors.ts'
import { missingUses } from '../../shared/resource/template/missing.ts'
import { base64, type Data, ours, readTable } from './cases.ts'
import { generated } from './grammar.ts'

const { data, cases } = readTable()

test('the table is large and says nothing twice', () => {
  expect(cases.length).toBeGreaterThan(450)
  expect(new Set(cases.map(({ template }) => template)).size).toBe(cases.length)
})

test.each(cases)('$template', ({ template, text, base64: bytes, refused }) => {
  const result = ours(template, data)
  const go = bytes ?? (text === undefined ? undefined : base64(Buffer.from(text)))
  if (refused || go === undefined) expect(result).toBeInstanceOf(SealError)
  else expect(result instanceof SealError ? result.message : base64(result)).toBe(go)
})

const missing = (template: string, values: Data) =>
  missingUses('t', template, (key) => Object.hasOwn(values, key)).filter(({ what }) => what === 'refused')

test('what is said to be refused for a missing key is refused', () => {
  const said = cases.filter((one) => parses(one.template) && missing(one.template, data).length > 0)
  expect(said.length).toBeGreaterThan(15)
  for (const { template } of said) expect(ours(template, data), template).toBeInstanceOf(SealError)
})

test('the same with every value gone, in generated templates', () => {
  let said = 0
  fc.assert(
    fc.property(generated, ({ template }) => {
      if (!parses(template) || missing(template, {}).length === 0) return
      said += 1
      expect(ours(template, {})).toBeInstanceOf(SealError)
    }),
    { numRuns: 2000 },
  )
  expect(said).toBeGreaterThan(50)
})

function parses(template: string): boolean {
  try {
    missingUses('t', template, () => true)
    return true
  } catch {
    return false
  }
}
