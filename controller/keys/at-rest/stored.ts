import { fromBase64, toBase64 } from '../../../shared/crypto/base64.ts'
import type { SecretObject } from '../../objects.ts'
import type { Form, Wrapped } from './provider.ts'
import { readWrappedBy, writeWrappedBy } from './wrapped-by.ts'

/** How the seed stands in a key Secret; `malformed` and `unknown` say why there is nothing to open. */
export type Stored =
  | { form: 'plain'; seed: string }
  | { form: 'kms' | 'transit'; wrapped: Wrapped }
  | { form: 'unknown' }
  | { form: 'malformed'; why: string }

/** A ciphertext of KMS v2 is below 1 kB (apis/v2/api.proto of k8s.io/kms), transit's below a few hundred bytes. */
const MAX_WRAPPED_BYTES = 1024

/** Where both are there the plain one counts: nothing is needed to open it. */
export function storedSeed({ data = {} }: SecretObject): Stored {
  if (data.seed !== undefined || data.wrappedSeed === undefined)
    return { form: 'plain', seed: data.seed ?? '' }
  const bytes = fromBase64(data.wrappedSeed)
  if (!bytes || bytes.length === 0 || bytes.length > MAX_WRAPPED_BYTES)
    return { form: 'malformed', why: `the wrapped seed is not 1 to ${MAX_WRAPPED_BYTES} bytes` }
  const by = readWrappedBy(data.wrappedBy ?? '')
  if (by === undefined) return { form: 'malformed', why: 'wrappedBy does not say who wrapped the seed' }
  if (by === 'unknown') return { form: 'unknown' }
  return { form: by.provider === 'transit' ? 'transit' : 'kms', wrapped: { bytes, by } }
}

/** The two fields of a wrapped seed. */
export const wrappedData = ({ bytes, by }: Wrapped) => ({
  wrappedSeed: toBase64(bytes),
  wrappedBy: writeWrappedBy(by),
})

/** What a new seed is stored as. */
export interface SeedData {
  form: Form
  data: { seed: string } | { wrappedSeed: string; wrappedBy: string }
}

/** Stores the seed of the key with that id; throws an AtRestError where the provider does not take it. */
export type StoreSeed = (seed: Uint8Array, keyId: string) => Promise<SeedData>

export const storePlain: StoreSeed = async (seed) => ({ form: 'plain', data: { seed: toBase64(seed) } })
