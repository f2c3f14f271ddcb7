import type { SpotEntry, SpotReader } from './spots.ts'
import type { MaxAgeRule } from './types.ts'

const UNITS: Record<string, number> = { d: 1, w: 7, y: 365 }

/** `password: 90d`. */
export function readMaxAge(r: SpotReader, entry: SpotEntry): MaxAgeRule | undefined {
  const text = entry.node.kind === 'scalar' ? entry.node.text : ''
  const [, count, unit = ''] = /^([1-9]\d{0,4})([dwy])$/.exec(text) ?? []
  if (count === undefined) return r.note(entry, 'is not an age such as `90d`, `12w` or `1y`')
  return { key: entry.key, days: Number(count) * (UNITS[unit] ?? 1), line: entry.line }
}
