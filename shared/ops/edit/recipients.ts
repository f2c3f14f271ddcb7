import { SealError } from '../../errors.ts'
import type { SealedSecret } from '../../format/sealed-secret.ts'

/**
 * The ids that new values of an object are for: those of its envelopes. undefined: it has no envelope, so it is for whoever
 * seals to say. Where envelopes differ, `envelope` (an id, or the beginning of one) says which is meant.
 */
export function recipientIds(sealed: SealedSecret, envelope?: string): readonly string[] | undefined {
  const sets = sealed.envelopes.map(({ id, recipients }) => ({ id, keys: recipients.map(({ key }) => key) }))
  const [first, ...others] = envelope === undefined ? sets : sets.filter(({ id }) => id.startsWith(envelope))
  if (!first && envelope !== undefined)
    throw new SealError('recipient-sets', `there is no envelope ${envelope}`, {
      hint: `There is ${sets.map(({ id }) => `envelope ${id}`).join(', ') || 'none at all'}.`,
    })
  const other = first && others.find(({ keys }) => !sameIds(keys, first.keys))
  if (first && other)
    throw new SealError(
      'recipient-sets',
      `envelope ${first.id} and envelope ${other.id} have different recipients`,
      {
        path: ['spec', 'envelopes'],
      },
    )
  return first?.keys
}

const sameIds = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((id) => b.includes(id))

/** The keys of these ids, in this order; `recipient-key-missing` names all that are not there. */
export function keysOfIds<K extends { id: string }>(ids: readonly string[], keys: readonly K[]): K[] {
  const known = new Map(keys.map((key) => [key.id, key]))
  const missing = ids.filter((id) => !known.has(id))
  if (missing.length > 0)
    throw new SealError('recipient-key-missing', `no public key at hand for ${missing.join(', ')}`, {
      path: ['spec', 'envelopes'],
    })
  return ids.flatMap((id) => known.get(id) ?? [])
}
