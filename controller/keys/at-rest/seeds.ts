import { timingSafeEqual } from 'node:crypto'
import { fromBase64 } from '../../../shared/crypto/base64.ts'
import { AtRestError, type Form, type Provider, type Wrapped } from './provider.ts'
import { type SeedData, type Stored, type StoreSeed, storePlain, wrappedData } from './stored.ts'

/** Who wraps new seeds, and who opens what was wrapped before. */
export interface Providers {
  /** Absent: seeds are stored as they are. */
  target?: Provider
  /** The target among them, if there is one. */
  all: readonly Provider[]
}

/** Opens the seed of the key with that id; throws an AtRestError where it cannot, and gives undefined for what is none. */
export type OpenSeed = (stored: Stored, keyId: string) => Promise<Uint8Array | undefined>

/** Seeds between their Secrets and the keyring. What was opened is kept in memory, and nowhere else. */
export interface Seeds {
  open: OpenSeed
  /** `open`, also where the provider was silent a moment ago. */
  ask: OpenSeed
  /** In the target's form, and opened from it before anybody relies on it. */
  store: StoreSeed
  target: Form
  /** Asks the target for its newest key, where it is the one that wrapped this. */
  standing(stored: Stored, keyId: string): Promise<Standing>
  /** Drops the seeds of all other keys. */
  keepOnly(keyIds: ReadonlySet<string>): void
  close(): void
}

/** `older`: the target wrapped it, by a key that is not its newest. `elsewhere`: the target did not. */
type Standing = 'current' | 'older' | 'elsewhere'

interface Opened {
  seed: Uint8Array
  /** Each form in which it was seen, with who opens that. */
  forms: Map<string, Provider>
}

export function createSeeds({ target, all }: Providers): Seeds {
  const opened = new Map<string, Opened>()
  /** Who did not answer the last time: only `ask` calls again, so that a watch does not wait for each of many keys. */
  const silent = new Map<Provider, AtRestError>()

  async function calling<T>(provider: Provider, call: () => Promise<T>): Promise<T> {
    try {
      const result = await call()
      silent.delete(provider)
      return result
    } catch (error) {
      if (error instanceof AtRestError && error.code === 'unavailable') silent.set(provider, error)
      else silent.delete(provider)
      throw error
    }
  }

  function remember(keyId: string, seed: Uint8Array, wrapped: Wrapped, provider: Provider): void {
    const held = opened.get(keyId)
    const known = held && sameBytes(held.seed, seed) ? held : { seed, forms: new Map() }
    known.forms.set(formText(wrapped), provider)
    opened.set(keyId, known)
  }

  async function unwrap(wrapped: Wrapped, keyId: string, patient: boolean): Promise<Uint8Array> {
    const held = opened.get(keyId)
    if (held?.forms.has(formText(wrapped))) return held.seed
    const able = all.filter((provider) => provider.opens(wrapped.by))
    if (able.length === 0) throw new AtRestError('refused', notConfigured(wrapped))
    let failure: AtRestError | undefined
    for (const provider of able) {
      try {
        const before = patient ? undefined : silent.get(provider)
        if (before) throw before
        const seed = await calling(provider, () => provider.unwrap(wrapped, keyId))
        remember(keyId, seed, wrapped, provider)
        return seed
      } catch (error) {
        if (!(error instanceof AtRestError)) throw error
        // Of two the silent one decides: it may be the one that would have opened it.
        if (failure?.code !== 'unavailable') failure = error
      }
    }
    // Wrapped anew by another replica, and our provider is away: the seed is the one we have, which its reader proves.
    if (failure?.code === 'unavailable' && held) return held.seed
    throw failure
  }

  async function open(stored: Stored, keyId: string, patient: boolean): Promise<Uint8Array | undefined> {
    if (stored.form === 'plain') return fromBase64(stored.seed)
    if (stored.form === 'unknown')
      throw new AtRestError('refused', 'the seed is wrapped in a way that this version does not know')
    return stored.form === 'malformed' ? undefined : unwrap(stored.wrapped, keyId, patient)
  }

  async function storeWith(provider: Provider, seed: Uint8Array, keyId: string): Promise<SeedData> {
    const wrapped = await calling(provider, () => provider.wrap(seed, keyId))
    const again = await calling(provider, () => provider.unwrap(wrapped, keyId))
    if (!sameBytes(again, seed))
      throw new AtRestError('refused', `${provider.what} does not give back what it was given`)
    remember(keyId, seed, wrapped, provider)
    return { form: provider.form, data: wrappedData(wrapped) }
  }

  return {
    open: (stored, keyId) => open(stored, keyId, false),
    ask: (stored, keyId) => open(stored, keyId, true),
    store: target ? (seed, keyId) => storeWith(target, seed, keyId) : storePlain,
    target: target?.form ?? 'plain',
    async standing(stored, keyId) {
      if (stored.form === 'plain') return target ? 'elsewhere' : 'current'
      if (!target || stored.form === 'unknown' || stored.form === 'malformed') return 'elsewhere'
      if (opened.get(keyId)?.forms.get(formText(stored.wrapped)) !== target) return 'elsewhere'
      return (await calling(target, target.newest))(stored.wrapped.by) ? 'current' : 'older'
    },
    keepOnly(keyIds) {
      for (const keyId of opened.keys()) if (!keyIds.has(keyId)) opened.delete(keyId)
    },
    close() {
      opened.clear()
      for (const provider of all) provider.close()
    },
  }
}

const formText = (wrapped: Wrapped): string => {
  const { wrappedSeed, wrappedBy } = wrappedData(wrapped)
  return `${wrappedSeed} ${wrappedBy}`
}

const sameBytes = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && timingSafeEqual(a, b)

const notConfigured = ({ by }: Wrapped): string =>
  by.provider === 'transit'
    ? `the seed is wrapped by transit in ${by.namespace === undefined ? 'no namespace' : `the namespace ${by.namespace}`}, and neither --vault-addr nor --vault-decrypt-addr is given for that`
    : 'the seed is wrapped by a KMS, and no --kms is given'
