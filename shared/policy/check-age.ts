import type { Args, Severity } from '../check/finding.ts'
import { SEALED_AT, type SealedSecret } from '../format/sealed-secret.ts'
import { maxAgeFor } from './match.ts'
import type { PlacedRule, PolicyProblem } from './problem.ts'

const DAY_MS = 86_400_000

/** When each value was sealed, in milliseconds, as far as the annotation says so. It is advisory: anyone can write it. */
export function sealedTimes(annotations: ReadonlyMap<string, string>): Map<string, number> {
  const times = new Map<string, number>()
  for (const [key, text] of Object.entries(readObject(annotations.get(SEALED_AT) ?? '{}'))) {
    const time = typeof text === 'string' && RFC3339.test(text) ? Date.parse(text) : Number.NaN
    if (!Number.isNaN(time)) times.set(key, time)
  }
  return times
}

const RFC3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/

function readObject(json: string): Record<string, unknown> {
  try {
    const data: unknown = JSON.parse(json)
    return typeof data === 'object' && data !== null && !Array.isArray(data) ? { ...data } : {}
  } catch {
    return {}
  }
}

/** Values that are older than the rule allows; a value of unknown age is a warning. `now` in milliseconds. */
export function checkAges(
  { data, annotations }: Pick<SealedSecret, 'data' | 'annotations'>,
  placed: PlacedRule,
  now: number,
): PolicyProblem[] {
  if (placed.rule.maxAge.length === 0) return []
  const times = sealedTimes(annotations)
  return [...data.keys()].flatMap((key) => {
    const limit = maxAgeFor(placed.rule, key)
    if (!limit) return []
    const policy = `${placed.file}:${limit.line}`
    const args = { key, limit: String(limit.days), policy }
    const time = times.get(key)
    if (time === undefined) return aged('warn', key, { problem: 'unknown', ...args })
    if (now - time <= limit.days * DAY_MS) return []
    const days = String(Math.floor((now - time) / DAY_MS))
    const date = new Date(time).toISOString().slice(0, 10)
    return aged('fail', key, { problem: 'old', days, date, ...args })
  })
}

const aged = (severity: Severity, key: string, args: Args): PolicyProblem => ({
  code: 'policy-age',
  severity,
  path: ['spec', 'data', key],
  args,
})
