import type { KeyUsage } from '../../shared/keys/published.ts'
import { fieldsOf } from '../fields.ts'

/** Who depends on which key. Of an object nothing is kept but its set of recipients, and that once for all that have the same. */
export interface UsageCounter {
  /** `spec` absent: the object is gone. */
  see(key: string, spec?: unknown): void
  /** By key id, for the keys asked for. */
  count(keys: readonly { id: string; active: boolean }[]): Map<string, KeyUsage>
}

/** The recipients of each envelope, without envelopes that have the same. */
interface Pattern {
  text: string
  envelopes: readonly (readonly string[])[]
  objects: number
}

/** `changed`: the counts may be others than before. */
export function createUsageCounter(changed: () => void): UsageCounter {
  const patterns = new Map<string, Pattern>()
  const byObject = new Map<string, Pattern>()

  function leave(key: string, pattern: Pattern): void {
    byObject.delete(key)
    pattern.objects -= 1
    if (pattern.objects === 0) patterns.delete(pattern.text)
  }

  function enter(key: string, text: string, envelopes: Pattern['envelopes']): void {
    const pattern = patterns.get(text) ?? { text, envelopes, objects: 0 }
    pattern.objects += 1
    patterns.set(text, pattern)
    byObject.set(key, pattern)
  }

  return {
    see(key, spec) {
      const envelopes = recipientsOf(spec)
      const text = envelopes.map((ids) => ids.join()).join(' ')
      const before = byObject.get(key)
      if (text === (before?.text ?? '')) return
      if (before) leave(key, before)
      if (text !== '') enter(key, text, envelopes)
      changed()
    },
    count(keys) {
      const active = new Set(keys.filter((key) => key.active).map(({ id }) => id))
      const counts = new Map(keys.map(({ id }) => [id, { usable: 0, needed: 0 }]))
      for (const { envelopes, objects } of patterns.values())
        for (const id of new Set(envelopes.flat())) {
          const count = counts.get(id)
          if (!count) continue
          count.usable += objects
          if (
            envelopes.some(
              (ids) => ids.includes(id) && !ids.some((other) => other !== id && active.has(other)),
            )
          )
            count.needed += objects
        }
      return counts
    },
  }
}

/** As much of a spec as `see` looks at. */
export const recipientsAlone = (spec: unknown): unknown => ({
  envelopes: recipientsOf(spec).map((ids) => ({ recipients: ids.map((key) => ({ key })) })),
})

/** Without envelopes that have none, or the same as another. */
function recipientsOf(spec: unknown): string[][] {
  const sets = envelopesOf(spec)
  const distinct = new Map(sets.filter((ids) => ids.length > 0).map((ids) => [ids.sort().join(), ids]))
  return [...distinct.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, ids]) => ids)
}

/** The key ids of every envelope in their order. Of whatever stands in a spec: an object that is refused may be mended. */
export const envelopesOf = (spec: unknown): string[][] =>
  listOf(fieldsOf(spec).envelopes).map((envelope) => {
    const ids = listOf(fieldsOf(envelope).recipients).map((recipient) => fieldsOf(recipient).key)
    return [...new Set(ids.filter((id) => typeof id === 'string' && /^\w{1,64}$/.test(id)))] as string[]
  })

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])
