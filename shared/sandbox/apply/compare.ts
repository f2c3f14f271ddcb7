import { isDoc, sameJson } from '../json.ts'
import { EMPTY, type FieldSet, LEAF, setOf } from './field-set.ts'
import type { Shape } from './shape.ts'
import { stepsOf } from './steps.ts'

/** The fields that a configuration speaks of: what its applier will own. Of maps, what is in them. */
export function fieldsOf(value: unknown, shape: Shape): FieldSet {
  const parts = partsOf(value, shape)
  if (parts === undefined || parts.size === 0) return LEAF
  // Items of lists are owned as such, so that the item goes when its last owner does.
  const children = [...parts].map(([step, [inner, below]]) => {
    const set = fieldsOf(inner, below)
    return [step, step.startsWith('k:') ? { ...set, member: true } : set] as const
  })
  return setOf(false, children)
}

/** All places of a value, its containers among them. */
function everything(value: unknown, shape: Shape): FieldSet {
  const parts = partsOf(value, shape) ?? new Map<string, readonly [unknown, Shape]>()
  return setOf(
    parts.size === 0 || !(isDoc(value) && shape.struct),
    [...parts].map(([step, [inner, below]]) => [step, everything(inner, below)] as const),
  )
}

export interface Changes {
  /** Added or given another value. */
  set: FieldSet
  removed: FieldSet
}

const NONE: Changes = { set: EMPTY, removed: EMPTY }

/** What differs between two states of an object. */
export function compare(before: unknown, after: unknown, shape: Shape): Changes {
  if (before === after) return NONE
  const old = partsOf(before, shape)
  const now = partsOf(after, shape)
  if (old === undefined || now === undefined) return sameJson(before, after) ? NONE : { ...NONE, set: LEAF }
  const set: [string, FieldSet][] = []
  const removed: [string, FieldSet][] = []
  for (const [step, [value, below]] of now) {
    const was = old.get(step)
    if (was === undefined) set.push([step, everything(value, below)])
    else {
      const inner = compare(was[0], value, below)
      set.push([step, inner.set])
      removed.push([step, inner.removed])
    }
  }
  for (const [step, [value, below]] of old) if (!now.has(step)) removed.push([step, everything(value, below)])
  return { set: setOf(false, set), removed: setOf(false, removed) }
}

type Parts = Map<string, readonly [unknown, Shape]>

/** What a value is made of; undefined for what is one value. */
function partsOf(value: unknown, shape: Shape): Parts | undefined {
  if (isDoc(value)) {
    if (shape.atomicMap) return undefined
    const fields = Object.entries(value).filter(([, inner]) => inner !== undefined)
    return new Map(fields.map(([name, inner]) => [`f:${name}`, [inner, shape.field(name)]]))
  }
  if (!Array.isArray(value)) return undefined
  const items = stepsOf(value, shape)
  return items && new Map([...items].map(([step, item]) => [step, [item, shape.item()]]))
}
