import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { CHECK_CODES } from '../../../shared/check-codes/all.ts'
import { CODES } from '../../../shared/codes.ts'
import { root } from '../../support/programs.ts'
import { errorsPage } from './errors-page.ts'

const path = join(root, 'docs/errors.md')

test('docs/errors.md is what the table of codes gives', () => {
  const page = errorsPage()
  if (process.env.UPDATE_DOCS !== undefined) writeFileSync(path, page)
  expect(readFileSync(path, 'utf8')).toBe(page)
})

test.each(Object.entries(CODES))('%s says what, why and what to do in whole sentences', (_code, row) => {
  for (const text of [row.what, row.why, row.fix]) expect(text).toMatch(/^[A-Z`].*\.$/)
})

/** Codes that no transcript can bring about, and where they are tested instead. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  internal: 'test/unit/cli/report.test.ts',
  environment: 'the demo on a machine without git',
  'key-pinned': 'test/unit/cli/fetch.test.ts',
  'cluster-answer': 'test/unit/shared/ops/edit/rewrap.test.ts',
  'backup-wrapped': 'test/unit/cli/keys-backup.test.ts',
  'backup-conflict': 'test/unit/cli/keys-backup.test.ts',
  'cluster-refused': 'test/unit/cli/cluster-posts.test.ts',
  ...Object.fromEntries(Object.keys(CHECK_CODES).map((code) => [code, 'the tests of the checks'])),
}

test('every other code is brought about by a transcript', () => {
  const cases = join(root, 'test/transcripts/cases')
  const said = readdirSync(cases, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.txt'))
    .map((name) => readFileSync(join(cases, name), 'utf8'))
    .join('\n')
  const unsaid = Object.keys(CODES).filter(
    (code) =>
      !(code in ELSEWHERE) && !said.includes(`[${code}]`) && !new RegExp(`(fail|warn)  ${code} `).test(said),
  )
  expect(unsaid).toEqual([])
})
