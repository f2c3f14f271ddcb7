import { bound, type Scope } from '../../shared/crypto/bound.ts'
import type { MlKem } from '../../shared/crypto/kem/types.ts'
import type { Random } from '../../shared/crypto/xwing.ts'
import { toPlain } from '../../shared/format/plain.ts'
import { readSealedSecret } from '../../shared/format/schema.ts'
import { type RecipientKey, sealValues } from '../../shared/format/seal.ts'
import { emptyTemplate, type SealedSecret } from '../../shared/format/sealed-secret.ts'
import { parseYaml } from '../../shared/format/yaml.ts'
import { openSeed, type PrivateKey } from '../../shared/keys/seed.ts'

/** Deterministic bytes, so that a failing case can be run again (xorshift32; not for keys outside of tests). */
export function seededRandom(seed: number): Random {
  let state = seed | 1
  const next = () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return state >>> 0
  }
  return (size) => Uint8Array.from({ length: size }, () => next() & 255)
}

/** An integer below `limit`. */
export const below = (random: Random, limit: number): number =>
  random(4).reduce((sum, byte) => sum * 256 + byte, 0) % limit

export async function testKeys(kem: MlKem, count: number): Promise<PrivateKey[]> {
  return Promise.all(
    Array.from({ length: count }, (_, i) => openSeed(kem, new Uint8Array(32).fill(i + 1), `key${i}`)),
  )
}

export const asKeys = (...keys: PrivateKey[]) => new Map(keys.map(({ id, key }) => [id, key]))

/** A sealed object for the given keys. */
export function sealObject(
  kem: MlKem,
  keys: readonly PrivateKey[],
  values: ReadonlyMap<string, Uint8Array>,
  random: Random,
  identity: Partial<Identity> = {},
): Promise<SealedSecret> {
  const recipients = keys.map(({ id, key }) => ({ id, publicKey: key.publicKey }))
  return sealFor(kem, recipients, values, random, identity)
}

interface Identity {
  scope: Scope
  namespace: string
  name: string
}

/** The same where only public keys are at hand. */
export async function sealFor(
  kem: MlKem,
  recipients: readonly RecipientKey[],
  values: ReadonlyMap<string, Uint8Array>,
  random: Random,
  { scope = 'strict', namespace = 'shop', name = 'db' }: Partial<Identity> = {},
): Promise<SealedSecret> {
  const sealed = await sealValues(kem, bound(scope, namespace, name), values, recipients, random)
  return {
    name,
    namespace,
    scope,
    labels: new Map(),
    annotations: new Map(),
    template: emptyTemplate(),
    ...sealed,
  }
}

/** Reads a SealedSecret's text the way both programs do. */
export function readText(text: string): SealedSecret {
  const root = parseYaml(text)
  const { data, oddKeys } = root ? toPlain(root) : { data: undefined, oddKeys: [] }
  return readSealedSecret(data, oddKeys)
}
