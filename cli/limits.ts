import type { LimitFor } from '../shared/ops/ages.ts'
import type { Ruling } from './ruling.ts'

const NONE: LimitFor = () => undefined

/** The rule's age limits in days. Without a rule the matcher is not even loaded. */
export async function limitsOf(ruling: Ruling | undefined): Promise<LimitFor> {
  if (!ruling || ruling.rule.maxAge.length === 0) return NONE
  const { maxAgeFor } = await import('../shared/policy/match.ts')
  return (key) => maxAgeFor(ruling.rule, key)?.days
}
