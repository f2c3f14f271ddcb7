import { SEALED_AT } from './sealed-secret.ts'

/** The times of sealing by data key. The annotation is advisory: what cannot be read counts as nothing. */
export function readSealedAt(annotations: ReadonlyMap<string, string>): Map<string, string> {
  try {
    const times: unknown = JSON.parse(annotations.get(SEALED_AT) ?? '{}')
    if (typeof times !== 'object' || times === null || Array.isArray(times)) return new Map()
    return new Map(
      Object.entries(times).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
    )
  } catch {
    return new Map()
  }
}

/** The annotations with other times; without any, the annotation goes. Its place among the others stays. */
export function withSealedAt(
  annotations: ReadonlyMap<string, string>,
  times: ReadonlyMap<string, string>,
): Map<string, string> {
  const changed = new Map(annotations)
  if (times.size === 0) changed.delete(SEALED_AT)
  else changed.set(SEALED_AT, JSON.stringify(Object.fromEntries(times)))
  return changed
}
