import { type Doc, isDoc, sameJson } from '../json.ts'
import type { FieldSet } from './field-set.ts'
import { EMPTY, isEmpty } from './field-set.ts'
import type { Shape } from './shape.ts'
import { stepsOf } from './steps.ts'

/** The live value with a configuration laid over it: what the configuration does not mention stays. */
export function mergeApplied(live: unknown, config: unknown, shape: Shape): unknown {
  if (isDoc(live) && isDoc(config) && !shape.atomicMap) {
    const merged: Doc = { ...live }
    for (const [name, value] of Object.entries(config)) {
      merged[name] = mergeApplied(live[name], value, shape.field(name))
    }
    return merged
  }
  if (Array.isArray(live) && Array.isArray(config)) {
    const present = stepsOf(live, shape)
    const given = stepsOf(config, shape)
    if (present !== undefined && given !== undefined) {
      const merged = new Map(present)
      for (const [step, item] of given) merged.set(step, mergeApplied(present.get(step), item, shape.item()))
      return [...merged.values()]
    }
  }
  return sameJson(live, config) ? live : config
}

/** The value without the places in the set; undefined when nothing is left of it. */
export function removeFields(value: unknown, gone: FieldSet, shape: Shape): unknown {
  if (isEmpty(gone)) return value
  if (isDoc(value) && !shape.atomicMap) {
    const kept: Doc = {}
    for (const [name, inner] of Object.entries(value)) {
      const below = gone.children.get(`f:${name}`) ?? EMPTY
      const rest = below.member ? undefined : removeFields(inner, below, shape.field(name))
      if (rest !== undefined) kept[name] = rest
    }
    return Object.keys(kept).length === 0 ? undefined : kept
  }
  const items = Array.isArray(value) ? stepsOf(value, shape) : undefined
  if (items === undefined) return value
  const kept = [...items].flatMap(([step, item]) => {
    const below = gone.children.get(step) ?? EMPTY
    const rest = below.member ? undefined : removeFields(item, below, shape.item())
    return rest === undefined ? [] : [rest]
  })
  return kept.length === 0 ? undefined : kept
}
