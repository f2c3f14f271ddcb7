import type { Shape } from '../apply/shape.ts'
import { type Doc, isDoc, sameJson } from '../json.ts'

/**
 * Strategic merge patch, as kubectl sends it for built-in types.
 * https://github.com/kubernetes/community/blob/master/contributors/devel/sig-api-machinery/strategic-merge-patch.md
 */
export function strategicMerge(target: unknown, patch: Doc, shape: Shape): unknown {
  if (patch.$patch === 'replace') return withoutDirectives(patch)
  if (patch.$patch === 'delete') return {}
  const merged: Doc = isDoc(target) ? { ...target } : {}
  retain(merged, patch)
  for (const [field, value] of Object.entries(patch)) {
    if (field.startsWith('$')) continue
    if (value === null) delete merged[field]
    else if (isDoc(value)) {
      // A map that is one value elsewhere still merges here: only server-side apply knows such maps.
      merged[field] = strategicMerge(merged[field], value, shape.field(field))
    } else if (Array.isArray(value)) merged[field] = mergeList(merged[field], value, shape.field(field))
    else merged[field] = value
  }
  for (const [field, value] of Object.entries(patch)) {
    const [, directive, name] = /^\$(deleteFromPrimitiveList|setElementOrder)\/(.+)$/.exec(field) ?? []
    if (name === undefined || !Array.isArray(value)) continue
    const list = merged[name]
    if (!Array.isArray(list)) continue
    merged[name] =
      directive === 'setElementOrder'
        ? ordered(list, value, shape.field(name))
        : list.filter((item) => !value.some((gone) => sameJson(item, gone)))
  }
  return merged
}

/** $retainKeys: of what is there, only the fields that it names stay. */
function retain(merged: Doc, { $retainKeys: names }: Doc): void {
  if (!Array.isArray(names)) return
  for (const field of Object.keys(merged)) if (!names.includes(field)) delete merged[field]
}

function mergeList(target: unknown, patch: readonly unknown[], shape: Shape): unknown[] {
  const list = Array.isArray(target) ? [...target] : []
  const { list: merging } = shape
  if (merging.type === 'atomic') return [...patch].map(withoutDirectives)
  if (merging.type === 'set') {
    return [...list, ...patch.filter((item) => !list.some((present) => sameJson(present, item)))]
  }
  if (patch.some((item) => isDoc(item) && item.$patch === 'replace')) {
    return patch.filter((item) => isDoc(item) && item.$patch !== 'replace').map(withoutDirectives)
  }
  const key = mergeKey(shape)
  for (const item of patch) {
    if (!isDoc(item)) continue
    const index = list.findIndex((present) => isDoc(present) && sameJson(present[key], item[key]))
    if (item.$patch === 'delete') {
      if (index >= 0) list.splice(index, 1)
    } else if (index < 0) list.push(strategicMerge({}, item, shape.item()))
    else list[index] = strategicMerge(list[index], item, shape.item())
  }
  return list
}

/** A strategic merge knows one key, where server-side apply may need several. */
function mergeKey({ list }: Shape): string {
  return list.type === 'map' ? (list.keys[0] ?? '') : ''
}

/** $setElementOrder: in that order, with what it does not name left after its neighbour. */
function ordered(list: readonly unknown[], order: readonly unknown[], shape: Shape): unknown[] {
  const key = mergeKey(shape)
  const same = (item: unknown, place: unknown) =>
    isDoc(place) ? isDoc(item) && sameJson(item[key], place[key]) : sameJson(item, place)
  const named = order.flatMap((place) => list.filter((item) => same(item, place)))
  const result: unknown[] = []
  let next = 0
  for (const item of list) {
    if (named.includes(item)) result.push(named[next++])
    else result.push(item)
  }
  return result
}

function withoutDirectives(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutDirectives)
  if (!isDoc(value)) return value
  const fields = Object.entries(value).filter(([field]) => !field.startsWith('$'))
  return Object.fromEntries(fields.map(([field, inner]) => [field, withoutDirectives(inner)]))
}
