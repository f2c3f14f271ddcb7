import { isDataKey } from '../../shared/format/limits.ts'
import { isKeyId } from '../../shared/keys/id.ts'

/** How many there are of what stands in a line in part only, by its field. */
export type Cut = { [field in keyof typeof VALID]?: number }

/** What is no such name came from somebody who writes what he likes: it is counted, and not repeated. */
const VALID = {
  dataKeys: isDataKey,
  keyIds: isKeyId,
  fields: (field: string) => /^[A-Za-z][-\w./]{0,330}$/.test(field),
} as const

const MOST_NAMES = 32
const MOST_CHARACTERS = 2048

/** Lists of names, sorted, as far as they may stand in a line. */
export function listed<F extends keyof typeof VALID>(
  lists: Readonly<Record<F, readonly string[]>>,
): Record<F, string[]> & { truncated?: Cut } {
  const shown: Partial<Record<F, string[]>> = {}
  const truncated: Cut = {}
  for (const [field, names] of Object.entries(lists) as [F, readonly string[]][]) {
    const kept = firstOf(names, VALID[field])
    shown[field] = kept
    if (kept.length < names.length) truncated[field] = names.length
  }
  const cut = Object.keys(truncated).length > 0
  return { ...(shown as Record<F, string[]>), ...(cut && { truncated }) }
}

function firstOf(names: readonly string[], valid: (name: string) => boolean): string[] {
  const kept: string[] = []
  let characters = 0
  for (const name of names.filter(valid).sort()) {
    characters += name.length
    if (kept.length === MOST_NAMES || characters > MOST_CHARACTERS) break
    kept.push(name)
  }
  return kept
}

const MOST_TEXT = 256

/** A name that others give themselves, such as a user's. */
export const printable = (text: string): string => text.replace(/[^\x20-\x7e]/g, '?').slice(0, MOST_TEXT)
