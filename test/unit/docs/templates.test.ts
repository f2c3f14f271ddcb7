import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { MAX_DEPTH, MAX_STEPS, MAX_WORK_BYTES } from '../../../shared/resource/template/budget.ts'
import { REFUSED } from '../../../shared/resource/template/functions/refused.ts'
import { FUNCTIONS } from '../../../shared/resource/template/functions/table.ts'
import { MAX_NESTING, MAX_NODES } from '../../../shared/resource/template/syntax/cursor.ts'
import { MAX_VARIABLES } from '../../../shared/resource/template/syntax/pipeline.ts'

const page = readFileSync(join(import.meta.dirname, '../../../docs/templates.md'), 'utf8')

/** The rows of the table under a heading, without its head. */
function rows(heading: string): string[][] {
  const [, after = ''] = page.split(new RegExp(`^#+ ${heading}$`, 'm'))
  const [section = ''] = after.split(/^#+ /m)
  const lines = section.split('\n').filter((line) => line.startsWith('| '))
  return lines.slice(1).map((line) =>
    line
      .split(/(?<!\\)\|/)
      .map((cell) => cell.trim())
      .slice(1, -1),
  )
}

const names = (cell = ''): string[] => Array.from(cell.matchAll(/`(\w+)`/g), ([, name = '']) => name)

test('the page lists the functions that there are', () => {
  const listed = rows('Functions').flatMap(([cell]) => names(cell))
  expect(listed.sort()).toEqual([...FUNCTIONS.keys()].sort())
})

test('the page lists the refused functions with their reasons', () => {
  const listed = rows('Refused functions').map(([reason = '', cell]) => [reason, names(cell).sort()] as const)
  const known = Object.entries(REFUSED).map(([reason, refused]) => [reason, [...refused].sort()] as const)
  expect(Object.fromEntries(listed)).toEqual(Object.fromEntries(known))
})

test('the page states the bounds', () => {
  const numbers = rows('Bounds').flatMap(([, cell = '']) => cell.match(/[\d,]+/g) ?? [])
  const known = [
    MAX_STEPS,
    MAX_WORK_BYTES,
    1_048_576,
    MAX_NODES,
    MAX_NESTING,
    MAX_DEPTH,
    MAX_VARIABLES,
    1_000,
  ]
  expect(numbers).toEqual(known.map((number) => number.toLocaleString('en')))
})
