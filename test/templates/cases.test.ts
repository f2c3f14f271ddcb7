import { expect, test } from 'vitest'
import { SealError } from '../../shared/errors.ts'
import { base64, ours, readTable } from './cases.ts'

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
