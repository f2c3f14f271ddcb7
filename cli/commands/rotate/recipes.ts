import type { Recipe } from '../../../shared/ops/rotate.ts'
import type { Ruling } from '../../ruling.ts'

const NONE = (): undefined => undefined

/** How the rule wants the values of its keys to be drawn. */
export async function recipesOf(ruling: Ruling | undefined): Promise<(key: string) => Recipe | undefined> {
  if (!ruling || ruling.rule.generate.length === 0) return NONE
  const { generateFor } = await import('../../../shared/policy/match.ts')
  return (key) => generateFor(ruling.rule, key)
}
