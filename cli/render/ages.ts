import { rfc3339 } from '../../shared/keys/dates.ts'
import type { AgeCounts, AgeRow } from '../../shared/ops/report.ts'
import { type Paint, printable } from './paint.ts'
import { table } from './table.ts'
import { counted } from './text.ts'

interface Surroundings {
  paint: Paint
  /** Milliseconds. */
  now: number
}

export const identityOf = ({ namespace, name }: AgeRow): string =>
  [namespace, name].filter((part) => part !== '').join('/') || '-'

export const ageText = ({ days }: AgeRow): string => (days === undefined ? 'not known' : counted(days, 'day'))

export const limitText = ({ limit }: AgeRow): string => (limit === undefined ? '-' : counted(limit, 'day'))

export function agesText(rows: readonly AgeRow[], _counts: AgeCounts, { paint }: Surroundings): string {
  if (rows.length === 0) return ''
  const lines = rows.map((row) => [
    printable(row.file),
    printable(identityOf(row)),
    row.key,
    row.sealedAt?.slice(0, 10) ?? '-',
    ageText(row),
    limitText(row),
    row.state === 'due' ? paint('yellow', 'due') : '',
  ])
  return table(['FILE', 'NAME', 'KEY', 'SEALED', 'AGE', 'ALLOWED', ''], lines)
}

export function agesJson(rows: readonly AgeRow[], counts: AgeCounts, { now }: Surroundings): string {
  const time = rfc3339(now)
  return `${JSON.stringify({ version: 1, time, ...counts, ages: rows }, null, 2)}\n`
}
