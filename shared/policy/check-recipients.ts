import type { Path } from '../errors.ts'
import { type PlacedRule, type PolicyProblem, placeOf } from './problem.ts'

/** Recipients against those of the rule, by their pinned ids alone: names can be written by anyone. */
export function checkRecipients(
  ids: readonly string[],
  placed: PlacedRule,
  path: Path = [],
): PolicyProblem[] {
  const wanted = placed.rule.recipients
  if (!wanted) return []
  const policy = placeOf(placed, 'recipients')
  const one = (problem: string, id: string, holder: string): PolicyProblem => ({
    code: 'policy-recipients',
    severity: 'fail',
    path,
    args: { problem, id, holder, policy },
  })
  const missing = wanted.filter(({ id }) => !ids.includes(id))
  const extra = ids.filter((id) => !wanted.some((recipient) => recipient.id === id))
  return [
    ...missing.map(({ id, name }) => one('missing', id, name)),
    ...extra.map((id) => one('extra', id, '')),
  ]
}
