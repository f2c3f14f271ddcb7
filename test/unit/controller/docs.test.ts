import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { optionsCommand } from '../../../controller/options.ts'
import { decide } from '../../../controller/reconcile/decide.ts'
import { reasonOf } from '../../../controller/reconcile/refusal.ts'
import type { Code } from '../../../shared/codes.ts'
import { OPENING_CODES, TABLE } from './table.ts'

// docs/controller.md says what there is, all of it and nothing else.

const page = readFileSync(join(import.meta.dirname, '../../../docs/controller.md'), 'utf8')
const section = (heading: string) =>
  page.split(/^##+ /m).find((text) => text.startsWith(`${heading}\n`)) ?? ''
/** The code spans in the first column of a section's table. */
const column = (heading: string): string[] =>
  [...section(heading).matchAll(/^\| ((?:[^|\\]|\\\|)+) \|/gm)].flatMap(([, cell = '']) =>
    [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name),
  )

test('the rows of the decision table', () => {
  const rows = new Set(
    TABLE.map(([, , { row }]) => row).filter((row) => !OPENING_CODES.includes(row as Code)),
  )
  expect(column('The decision table').sort()).toEqual([...rows].sort())
  expect(section('The decision table')).toContain('| *code* |')
})

test('the flags', () => {
  const names = column('Flags').map((flag) => flag.split(' ')[0])
  expect(names.sort()).toEqual(
    optionsCommand()
      .options.map(({ long }) => long)
      .sort(),
  )
})

test('the reasons', () => {
  const decided = TABLE.map(([, observed]) => decide(observed, '')).flatMap((plan) =>
    plan.act === 'report' ? (plan.status.conditions ?? []).map(({ reason }) => reason) : [],
  )
  const failures = ['Forbidden', 'SecretRefused', 'RequestFailed']
  expect(column('Reasons').sort()).toEqual(
    [...new Set([...decided, ...OPENING_CODES.map(reasonOf), ...failures])].sort(),
  )
})
