import { fromBase64, toBase64 } from '../../shared/crypto/base64.ts'
import { utf8 } from '../../shared/crypto/bytes.ts'
import type { MlKem } from '../../shared/crypto/kem/types.ts'
import { SEED_BYTES, type XWingPrivateKey } from '../../shared/crypto/xwing.ts'
import { SealError } from '../../shared/errors.ts'
import { yamlText } from '../../shared/format/write.ts'
import { rfc3339 } from '../../shared/keys/dates.ts'
import { AT_REST_ANNOTATION, KEY_LABEL, KEY_TYPE, type KeyState } from '../../shared/keys/labels.ts'
import { type SealingKey, sealingKeyObject } from '../../shared/keys/public.ts'
import { openSeed } from '../../shared/keys/seed.ts'
import { readStatedKey } from '../../shared/keys/stated.ts'
import type { SecretObject } from '../objects.ts'
import { AtRestError } from './at-rest/provider.ts'
import type { OpenSeed } from './at-rest/seeds.ts'
import { type StoreSeed, storedSeed } from './at-rest/stored.ts'

export interface LoadedKey {
  /** The Secret's name. */
  name: string
  state: KeyState
  public: SealingKey
  private: XWingPrivateKey
}

/** What a Secret with our key label turned out to be. Why it is none is said without a byte of it. */
export type KeyReading =
  | { kind: 'key'; key: LoadedKey }
  /** There is a key, in a form that takes somebody else to open, who does not now. The public part is only stated. */
  | { kind: 'wrapped'; why: string; state: KeyState; public: SealingKey }
  /** `doubt`: the seed is wrapped, so there was a key, and perhaps it is only the one who opens it that is at fault. */
  | { kind: 'malformed'; why: string; doubt?: true }

/**
 * Checks a key Secret through and through: a public part that is not its seed's would make people seal to a key that
 * nobody can open.
 */
export async function readKeySecret(kem: MlKem, secret: SecretObject, open: OpenSeed): Promise<KeyReading> {
  const { type, data = {}, metadata } = secret
  const state = metadata.labels?.[KEY_LABEL]
  if (type !== KEY_TYPE) return malformed(`the type is not ${KEY_TYPE}`)
  if (state !== 'active' && state !== 'retired') return malformed('the label is neither active nor retired')
  const stored = storedSeed(secret)
  const doubt = stored.form !== 'plain'
  if (stored.form === 'malformed') return malformed(stored.why, doubt)
  if (!doubt && fromBase64(stored.seed)?.length !== SEED_BYTES) return malformed(NO_SEED)
  let stated: SealingKey | undefined
  try {
    stated = readStatedKey(data.public ?? '')
    if (!stated) return malformed(NOT_ITS_PUBLIC, doubt)
    const seed = await open(stored, stated.id)
    if (seed?.length !== SEED_BYTES) return malformed(NO_SEED, doubt)
    const opened = await openSeed(kem, seed, metadata.name)
    if (stated.id !== opened.id) return malformed(NOT_ITS_PUBLIC, doubt)
    const key: LoadedKey = { name: metadata.name, state, public: stated, private: opened.key }
    return { kind: 'key', key }
  } catch (error) {
    if (error instanceof AtRestError && stated)
      return { kind: 'wrapped', why: error.message, state, public: stated }
    if (!(error instanceof SealError)) throw error
    return malformed(`the public part: ${error.message}`, doubt)
  }
}

const NO_SEED = `the seed is not ${SEED_BYTES} bytes`
const NOT_ITS_PUBLIC = "the public part is not the seed's"

const malformed = (why: string, doubt = false): KeyReading => ({
  kind: 'malformed',
  why,
  ...(doubt && { doubt }),
})

/** What a key Secret says of its key, which nobody has checked against the seed. */
export function statedKey({ data = {} }: SecretObject): SealingKey | undefined {
  try {
    return readStatedKey(data.public ?? '')
  } catch (error) {
    if (error instanceof SealError) return undefined
    throw error
  }
}

export interface NewKey {
  name: string
  namespace: string
  holder: string
  seed: Uint8Array
  /** Milliseconds. */
  now: number
  /** After this a newer key should be sealed to; decryption never expires. */
  lifetimeMs?: number
}

const LIFETIME_MS = 30 * 86_400_000

/** A new active key's Secret, its seed stored as `store` has it. */
export async function newKeySecret(
  kem: MlKem,
  { name, namespace, holder, seed, now, lifetimeMs = LIFETIME_MS }: NewKey,
  store: StoreSeed,
): Promise<SecretObject> {
  const { id, key } = await openSeed(kem, seed, name)
  const sealingKey: SealingKey = {
    id,
    holder,
    publicKey: key.publicKey,
    notBefore: rfc3339(now),
    notAfter: rfc3339(now + lifetimeMs),
  }
  const text = yamlText(sealingKeyObject(sealingKey, holder))
  const { form, data } = await store(seed, id)
  const annotations = form === 'plain' ? {} : { annotations: { [AT_REST_ANNOTATION]: form } }
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace, labels: { [KEY_LABEL]: 'active' }, ...annotations },
    type: KEY_TYPE,
    data: { ...data, public: toBase64(utf8(text)) },
  }
}
