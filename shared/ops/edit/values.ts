import { bound } from '../../crypto/bound.ts'
import type { MlKem } from '../../crypto/kem/types.ts'
import type { Random } from '../../crypto/xwing.ts'
import { SealError } from '../../errors.ts'
import { isDataKey, MAX_ENVELOPES } from '../../format/limits.ts'
import { type RecipientKey, sealValues } from '../../format/seal.ts'
import { readSealedAt, withSealedAt } from '../../format/sealed-at.ts'
import type { Envelope, SealedSecret, SealedValue } from '../../format/sealed-secret.ts'
import { rfc3339 } from '../../keys/dates.ts'

/** The operations of the format on single values. Whatever they do not speak of stays the very same object. */

export interface EditMeans {
  kem: MlKem
  random: Random
  /** Milliseconds. */
  now: number
}

/**
 * Seals values into one further envelope; those of the same keys drop out, at their place, and envelopes left without values
 * go. Needs no private key. `recipients`: all of the object's (`recipientIds`).
 */
export async function setValues(
  sealed: SealedSecret,
  values: ReadonlyMap<string, Uint8Array>,
  recipients: readonly RecipientKey[],
  { kem, random, now }: EditMeans,
): Promise<SealedSecret> {
  for (const key of values.keys()) checkDataKey(key)
  const target = bound(sealed.scope, sealed.namespace, sealed.name)
  const taken = new Set(sealed.envelopes.map(({ id }) => id))
  const fresh = await sealValues(kem, target, values, recipients, random, taken)
  const data = new Map([...sealed.data, ...fresh.data])
  const times = readSealedAt(sealed.annotations)
  for (const key of values.keys()) times.set(key, rfc3339(now))
  return {
    ...sealed,
    annotations: values.size > 0 ? withSealedAt(sealed.annotations, times) : sealed.annotations,
    envelopes: usedEnvelopes([...sealed.envelopes, ...fresh.envelopes], data),
    data,
  }
}

/** Drops values. Needs nothing. */
export function unsetValues(sealed: SealedSecret, keys: Iterable<string>): SealedSecret {
  const data = new Map(sealed.data)
  const times = readSealedAt(sealed.annotations)
  let dated = false
  for (const key of keys) {
    if (!data.delete(key)) throw missing(key)
    dated = times.delete(key) || dated
  }
  const annotations = dated ? withSealedAt(sealed.annotations, times) : sealed.annotations
  return { ...sealed, annotations, envelopes: usedEnvelopes(sealed.envelopes, data), data }
}

/** The same value under another key, at its place and with its age: sealed anew, since a key's name is bound to its value. */
export async function renameValue(
  sealed: SealedSecret,
  { from, to, value }: { from: string; to: string; value: Uint8Array },
  recipients: readonly RecipientKey[],
  means: EditMeans,
): Promise<SealedSecret> {
  if (!sealed.data.has(from)) throw missing(from)
  if (sealed.data.has(to)) throw new SealError('value-exists', `there is a value \`${to}\` already`)
  const both = await setValues(sealed, new Map([[to, value]]), recipients, means)
  const moved = both.data.get(to)
  const data = new Map<string, SealedValue>()
  for (const [key, held] of sealed.data) {
    if (key !== from) data.set(key, held)
    else if (moved) data.set(to, moved)
  }
  const times = new Map(
    [...readSealedAt(sealed.annotations)].map(([key, time]) => [key === from ? to : key, time] as const),
  )
  return {
    ...both,
    annotations: times.size > 0 ? withSealedAt(sealed.annotations, times) : sealed.annotations,
    envelopes: usedEnvelopes(both.envelopes, data),
    data,
  }
}

function usedEnvelopes(envelopes: readonly Envelope[], data: ReadonlyMap<string, SealedValue>): Envelope[] {
  const used = new Set([...data.values()].map(({ envelope }) => envelope))
  const kept = envelopes.filter(({ id }) => used.has(id))
  if (kept.length > MAX_ENVELOPES)
    throw new SealError('too-large', `more than ${MAX_ENVELOPES} envelopes`, {
      hint: 'Unseal and seal the whole object anew: that gives one envelope.',
    })
  return kept
}

function checkDataKey(key: string): void {
  if (!isDataKey(key)) throw new SealError('data-key', 'not a data key that Kubernetes accepts')
}

const missing = (key: string): SealError => new SealError('value-missing', `there is no value \`${key}\``)
