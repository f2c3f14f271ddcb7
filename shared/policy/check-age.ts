import type { Args, Severity } from '../check/finding.ts'
import { readSealedAt } from '../format/sealed-at.ts'
import type { SealedSecret } from '../format/sealed-secret.ts'
import { maxAgeFor } from './match.ts'
import type { PlacedRule, PolicyProblem } from './problem.ts'

const DAY_MS = 86_400_000

const RFC3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/

/** In milliseconds; undefined where the text is no time. */
function timeOf(text = ''): number | undefined {
  const time = RFC3339.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(time) ? undefined : time
}

/** Values that are older than the rule allows; a value of unknown age is a warning. `now` in milliseconds. */
export function checkAges(
  { data, annotations }: Pick<SealedSecret, 'data' | 'annotations'>,
  placed: PlacedRule,
  now: number,
): PolicyProblem[] {
  if (placed.rule.maxAge.length === 0) return []
  const times = readSealedAt(annotations)
  return [...data.keys()].flatMap((key) => {
    const limit = maxAgeFor(placed.rule, key)
    if (!limit) return []
    const policy = `${placed.file}:${limit.line}`
    const args = { key, limit: String(limit.days), policy }
    const time = timeOf(times.get(key))
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
