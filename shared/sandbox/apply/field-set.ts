import { type Doc, isDoc } from '../json.ts'

/**
 * A set of fields of an object, and its form on the wire, FieldsV1: a step is `f:name`, `k:{"key":"value"}`, `v:value`.
 * https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/object-meta/ (managedFields)
 */
export interface FieldSet {
  /** Whether the place itself is in the set, not only something below it. */
  member: boolean
  children: ReadonlyMap<string, FieldSet>
}

export const EMPTY: FieldSet = { member: false, children: new Map() }
export const LEAF: FieldSet = { member: true, children: new Map() }

export function isEmpty({ member, children }: FieldSet): boolean {
  return !member && children.size === 0
}

/** A set of the given children; those that are empty are left out. */
export function setOf(member: boolean, children: Iterable<readonly [string, FieldSet]>): FieldSet {
  return { member, children: new Map([...children].filter(([, child]) => !isEmpty(child))) }
}

export function union(left: FieldSet, right: FieldSet): FieldSet {
  if (isEmpty(left)) return right
  if (isEmpty(right)) return left
  const children = new Map(left.children)
  for (const [step, child] of right.children) children.set(step, union(children.get(step) ?? EMPTY, child))
  return { member: left.member || right.member, children }
}

/** What is in the first and not in the second. */
export function difference(left: FieldSet, right: FieldSet): FieldSet {
  if (isEmpty(left) || isEmpty(right)) return left
  const children = [...left.children].map(([step, child]) => {
    return [step, difference(child, right.children.get(step) ?? EMPTY)] as const
  })
  return setOf(left.member && !right.member, children)
}

export function intersection(left: FieldSet, right: FieldSet): FieldSet {
  const children = [...left.children].map(([step, child]) => {
    return [step, intersection(child, right.children.get(step) ?? EMPTY)] as const
  })
  return setOf(left.member && right.member, children)
}

/** Every member as the path to it, in the words of a conflict's message: `.data.a`, `.spec.list[name="x"]`. */
export function describePaths(set: FieldSet, path = ''): string[] {
  const below = [...set.children].flatMap(([step, child]) => describePaths(child, path + describeStep(step)))
  return set.member ? [path, ...below] : below
}

function describeStep(step: string): string {
  const value = step.slice(2)
  if (step.startsWith('f:')) return `.${value}`
  if (!step.startsWith('k:')) return `[=${value}]`
  const keys = Object.entries(JSON.parse(value) as Doc).map(([key, one]) => `${key}=${JSON.stringify(one)}`)
  return `[${keys.join(',')}]`
}

export function toFieldsV1(set: FieldSet): Doc {
  const out: Doc = {}
  if (set.member && set.children.size > 0) out['.'] = {}
  for (const [step, child] of [...set.children].sort(([left], [right]) => (left < right ? -1 : 1))) {
    out[step] = toFieldsV1(child)
  }
  return out
}

export function fromFieldsV1(doc: Doc): FieldSet {
  const children = Object.entries(doc)
    .filter(([step]) => step !== '.')
    .map(([step, inner]) => [step, isDoc(inner) ? childFrom(inner) : LEAF] as const)
  return { member: false, children: new Map(children) }
}

function childFrom(doc: Doc): FieldSet {
  const { children } = fromFieldsV1(doc)
  return { member: children.size === 0 || '.' in doc, children }
}
