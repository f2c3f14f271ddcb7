export type Texts = Record<string, string>
/** RFC 7396: null removes. */
export type Changes = Record<string, string | null>

/** What to set, and which of `removable` to remove. */
export function changesOf(actual: Texts, wanted: Texts, removable: readonly string[]): Changes {
  const changes: [string, string | null][] = []
  for (const [key, value] of Object.entries(wanted))
    if (own(actual, key) !== value) changes.push([key, value])
  for (const key of removable)
    if (Object.hasOwn(actual, key) && !Object.hasOwn(wanted, key)) changes.push([key, null])
  return Object.fromEntries(changes)
}

const own = (texts: Texts, key: string): string | undefined =>
  Object.hasOwn(texts, key) ? texts[key] : undefined

/** The field of a merge patch, if there is anything in it. */
export const present = (field: string, changes: Changes) =>
  Object.keys(changes).length > 0 ? { [field]: changes } : {}
