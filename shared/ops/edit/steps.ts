import type { Path } from '../../errors.ts'

/** One change of a document's data. */
export type Step =
  | { do: 'put'; path: Path; value: unknown }
  | { do: 'append'; path: Path; value: unknown }
  | { do: 'remove'; path: Path }
  /** A key gives way to another at its place. */
  | { do: 'rename'; path: Path; to: string }

type Mapping = Record<string, unknown>

const isMapping = (value: unknown): value is Mapping =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export function sameData(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((item, i) => sameData(item, b[i]))
  if (a instanceof Date && b instanceof Date) return a.getTime() === b.getTime()
  if (!isMapping(a) || !isMapping(b)) return Object.is(a, b)
  const keys = Object.keys(a)
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && sameData(a[key], b[key]))
  )
}

/**
 * The steps from one value to the other, what is new before what goes: a collection that keeps something is never empty on
 * the way.
 */
export function stepsBetween(from: unknown, to: unknown, path: Path): Step[] {
  if (sameData(from, to)) return []
  if (isMapping(from) && isMapping(to)) return mappingSteps(from, to, path)
  if (Array.isArray(from) && Array.isArray(to)) return listSteps(from, to, path)
  return [{ do: 'put', path, value: to }]
}

function mappingSteps(from: Mapping, to: Mapping, path: Path): Step[] {
  const renamed = renamedKey(Object.keys(from), Object.keys(to))
  if (renamed) {
    const at = [...path, renamed.to]
    const rest = stepsBetween(from[renamed.from], to[renamed.to], at)
    return [{ do: 'rename', path: [...path, renamed.from], to: renamed.to }, ...rest]
  }
  const puts = Object.keys(to).flatMap((key): Step[] =>
    Object.hasOwn(from, key)
      ? stepsBetween(from[key], to[key], [...path, key])
      : [{ do: 'put', path: [...path, key], value: to[key] }],
  )
  const gone = Object.keys(from).filter((key) => !Object.hasOwn(to, key))
  return [...puts, ...gone.map((key): Step => ({ do: 'remove', path: [...path, key] }))]
}

/** The only key that differs, where the one stands in the other's place. */
function renamedKey(
  from: readonly string[],
  to: readonly string[],
): { from: string; to: string } | undefined {
  const gone = from.filter((key) => !to.includes(key))
  const come = to.filter((key) => !from.includes(key))
  const [one, other] = [gone[0], come[0]]
  if (gone.length !== 1 || come.length !== 1 || one === undefined || other === undefined) return undefined
  return from.indexOf(one) === to.indexOf(other) ? { from: one, to: other } : undefined
}

/** Items that went, and new ones behind those that stayed; else item by item. */
function listSteps(from: readonly unknown[], to: readonly unknown[], path: Path): Step[] {
  const stays = from.map((item) => to.some((other) => sameData(item, other)))
  const kept = from.filter((_, i) => stays[i])
  if (sameData(kept, to.slice(0, kept.length))) {
    const appended = to.slice(kept.length).map((value): Step => ({ do: 'append', path, value }))
    const removed = from.flatMap((_, i): Step[] => (stays[i] ? [] : [{ do: 'remove', path: [...path, i] }]))
    return [...appended, ...removed.reverse()]
  }
  if (from.length === to.length) return from.flatMap((item, i) => stepsBetween(item, to[i], [...path, i]))
  return [{ do: 'put', path, value: to }]
}

/** What the steps make of the data itself, with which the edited text must agree. */
export function applyToData(root: unknown, steps: readonly Step[]): unknown {
  return steps.reduce((data, step) => applyOne(data, step.path, step), root)
}

function applyOne(data: unknown, [head, ...rest]: Path, step: Step): unknown {
  if (head === undefined) {
    if (step.do === 'append') return [...(Array.isArray(data) ? data : []), step.value]
    return step.do === 'put' ? step.value : data
  }
  if (Array.isArray(data)) {
    if (step.do === 'remove' && rest.length === 0) return data.filter((_, i) => i !== head)
    return data.map((item, i) => (i === head ? applyOne(item, rest, step) : item))
  }
  const mapping: Mapping = Object.create(null)
  for (const [key, value] of Object.entries(isMapping(data) ? data : {})) {
    if (key !== head) mapping[key] = value
    else if (rest.length > 0 || step.do === 'put' || step.do === 'append')
      mapping[key] = applyOne(value, rest, step)
    else if (step.do === 'rename') mapping[step.to] = value
  }
  if (!Object.hasOwn(mapping, head) && (step.do === 'put' || step.do === 'append'))
    mapping[head] = applyOne(undefined, rest, step)
  return mapping
}
