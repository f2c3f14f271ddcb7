import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { canary, expectNoCanary } from '../../support/canary.ts'
import { filesWithMarks } from '../../support/leftovers.ts'

const folder = mkdtempSync(join(tmpdir(), 'leftovers-'))
afterAll(() => rmSync(folder, { recursive: true }))

test('a canary left in a file is found in whichever form', () => {
  const { text, bytes } = canary()
  const files = {
    raw: text,
    base64: Buffer.from(bytes).toString('base64'),
    'base64-in-longer': Buffer.from(`x${text}`).toString('base64'),
    'base64-in-longest': Buffer.from(`xy${text}`).toString('base64'),
    hex: Buffer.from(bytes).toString('hex'),
    clean: 'nothing here',
  }
  for (const [name, held] of Object.entries(files)) writeFileSync(join(folder, name), held)
  const found = filesWithMarks(folder).map((file) => file.slice(folder.length + 1))
  expect(found.sort()).toEqual(
    Object.keys(files)
      .filter((name) => name !== 'clean')
      .sort(),
  )
  for (const [name, held] of Object.entries(files))
    if (name !== 'clean') expect(() => expectNoCanary(held), name).toThrow()
})
