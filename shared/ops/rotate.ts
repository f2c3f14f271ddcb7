import type { Random } from '../crypto/xwing.ts'
import type { ValueAge } from './ages.ts'
import { generateValue } from './generate.ts'

/** How a value is drawn: `generate` of a policy's rule. */
export interface Recipe {
  length: number
  charset: string
}

export interface RotatePlan {
  values: Map<string, Uint8Array>
  /** Keys without a recipe: somebody has to give their values. */
  open: string[]
}

/** Fresh values for the keys that have a recipe. Nothing of the old ones is needed, or looked at. */
export function planRotate(
  keys: readonly string[],
  recipeFor: (key: string) => Recipe | undefined,
  random: Random,
): RotatePlan {
  const plan: RotatePlan = { values: new Map(), open: [] }
  for (const key of keys) {
    const recipe = recipeFor(key)
    if (recipe) plan.values.set(key, encoder.encode(generateValue(recipe.length, recipe.charset, random)))
    else plan.open.push(key)
  }
  return plan
}

const encoder = new TextEncoder()

export const dueKeys = (ages: readonly ValueAge[]): string[] =>
  ages.flatMap(({ key, state }) => (state === 'due' ? [key] : []))
