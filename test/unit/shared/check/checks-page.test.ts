import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { CHECK_CODES } from '../../../../shared/check-codes/all.ts'

const page = readFileSync(join(import.meta.dirname, '../../../../docs/checks.md'), 'utf8')

test('docs/checks.md lists every check as the table of codes has it, and no other', () => {
  const listed = [...page.matchAll(/^\| `([a-z0-9-]+)` \| (fail|warn) \| (.+) \| .+ \|$/gm)]
  const rows = listed.map(([, code = '', severity = '', what = '']) => [code, { severity, what }])
  expect(Object.fromEntries(rows)).toEqual(
    Object.fromEntries(
      Object.entries(CHECK_CODES).map(([code, { severity, what }]) => [code, { severity, what }]),
    ),
  )
  expect(listed.length).toBe(Object.keys(CHECK_CODES).length)
})
