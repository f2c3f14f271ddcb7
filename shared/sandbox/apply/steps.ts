import { isDoc } from '../json.ts'
import type { Shape } from './shape.ts'

/** The items of a merging list by the step that leads to each; undefined for a list that is one value. */
export function stepsOf(list: readonly unknown[], shape: Shape): Map<string, unknown> | undefined {
  switch (shape.list.type) {
    case 'atomic':
      return undefined
    case 'set':
      return new Map(list.map((item) => [`v:${JSON.stringify(item)}`, item]))
    case 'map': {
      const { keys } = shape.list
      return new Map(list.map((item) => [`k:${identity(item, keys)}`, item]))
    }
  }
}

/** The fields that tell an item apart, those that it has, in the order of the alphabet. */
function identity(item: unknown, keys: readonly string[]): string {
  const present = [...keys].sort().filter((key) => isDoc(item) && item[key] !== undefined)
  return JSON.stringify(Object.fromEntries(present.map((key) => [key, isDoc(item) ? item[key] : undefined])))
}
