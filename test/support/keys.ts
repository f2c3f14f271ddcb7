import { createHash } from 'node:crypto'
import { chooseKem } from '../../shared/crypto/kem/choose.ts'
import { yamlText } from '../../shared/format/write.ts'
import { rfc3339 } from '../../shared/keys/dates.ts'
import { type SealingKey, sealingKeyObject } from '../../shared/keys/public.ts'
import { openSeed, type PrivateKey, seedObject } from '../../shared/keys/seed.ts'

const DAY_MS = 86_400_000
const FIRST = '2020-01-01T00:00:00Z'
const LAST = '2099-01-01T00:00:00Z'

/** Keys that are the same in every run, by name; dates in days from now. */
const DATES: Record<string, { notBefore?: number; notAfter?: number }> = {
  prod: {},
  staging: {},
  recovery: {},
  stale: { notAfter: -10 },
  expired: { notAfter: -100 },
  future: { notBefore: 10 },
}

export interface NamedKey {
  key: SealingKey
  opened: PrivateKey
  /** The two files that `keys generate` would have written. */
  publicText: string
  seedText: string
}

export const KEY_NAMES = Object.keys(DATES)

/** A key file with that many keys. */
export async function manyKeys(count: number): Promise<string> {
  const keys = await Promise.all(Array.from({ length: count }, (_, i) => namedKey(`holder${i + 1}`)))
  return keys.map(({ publicText }) => publicText).join('---\n')
}

export async function namedKey(name: string, now = Date.now()): Promise<NamedKey> {
  const { notBefore, notAfter } = DATES[name] ?? {}
  const seed = new Uint8Array(createHash('sha256').update(`test key ${name}`).digest())
  const opened = await openSeed(await chooseKem(), seed, name)
  const day = (days: number | undefined, otherwise: string) =>
    days === undefined ? otherwise : rfc3339(now + days * DAY_MS)
  const key = {
    id: opened.id,
    holder: name,
    publicKey: opened.key.publicKey,
    notBefore: day(notBefore, FIRST),
    notAfter: day(notAfter, LAST),
  }
  return {
    key,
    opened,
    publicText: yamlText(sealingKeyObject(key, name)),
    seedText: yamlText(seedObject(name, opened.id, seed)),
  }
}
