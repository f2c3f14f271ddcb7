const UNITS: Record<string, number> = { h: 3_600_000, m: 60_000, s: 1_000 }

/** Milliseconds of a duration as Go writes it, in hours, minutes and seconds (`720h`, `1h30m`); undefined for what is none. */
export function parseDuration(text: string): number | undefined {
  if (text === '0') return 0
  if (!/^(\d+(\.\d+)?[hms])+$/.test(text)) return undefined
  const ms = [...text.matchAll(/([\d.]+)([hms])/g)].reduce(
    (sum, [, count, unit = '']) => sum + Number(count) * (UNITS[unit] ?? 0),
    0,
  )
  return Number.isSafeInteger(Math.round(ms)) ? Math.round(ms) : undefined
}
