import { type LimitFor, type ValueAge, valueAges } from './ages.ts'
import type { SealedAt } from './sealed-stream.ts'

/** The age of one value, with where it stands. */
export interface AgeRow extends ValueAge {
  file: string
  line: number
  namespace: string
  name: string
}

export interface AgeCounts {
  values: number
  due: number
  unknown: number
}

export const ageRows = ({ sealed, file, line }: SealedAt, limitFor: LimitFor, now: number): AgeRow[] =>
  valueAges(sealed, limitFor, now).map((age) => ({
    file,
    line,
    namespace: sealed.namespace,
    name: sealed.name,
    ...age,
  }))

const ORDER: Record<ValueAge['state'], number> = { due: 0, unknown: 1, ok: 2 }

/** What is due first, then what is not known, then the rest; the oldest first, then by place. */
export function compareAges(a: AgeRow, b: AgeRow): number {
  return (
    ORDER[a.state] - ORDER[b.state] ||
    (b.days ?? Number.MAX_SAFE_INTEGER) - (a.days ?? Number.MAX_SAFE_INTEGER) ||
    compare(a.file, b.file) ||
    a.line - b.line ||
    compare(a.key, b.key)
  )
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

export const countAges = (rows: readonly AgeRow[]): AgeCounts => ({
  values: rows.length,
  due: rows.filter(({ state }) => state === 'due').length,
  unknown: rows.filter(({ sealedAt }) => sealedAt === undefined).length,
})
