import { type Doc, isDoc } from '../json.ts'

/** JSON merge patch, RFC 7396: maps merge, null removes, all else replaces. What does not change stays the same value. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isDoc(patch)) return patch
  const merged: Doc = isDoc(target) ? { ...target } : {}
  for (const [field, value] of Object.entries(patch)) {
    if (value === null) delete merged[field]
    else merged[field] = mergePatch(merged[field], value)
  }
  return merged
}
