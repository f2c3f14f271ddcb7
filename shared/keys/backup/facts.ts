import { primitives } from '#primitives'
import { readTlsPair } from '../../check/types/tls-pair.ts'
import { fromBase64 } from '../../crypto/base64.ts'
import type { MlKem } from '../../crypto/kem/types.ts'
import { SEED_BYTES } from '../../crypto/xwing.ts'
import { SealError } from '../../errors.ts'
import { rfc3339 } from '../dates.ts'
import { AT_REST_ANNOTATION, BITNAMI_KEY_LABEL, KEY_LABEL, KEY_TYPE } from '../labels.ts'
import { openSeed } from '../seed.ts'
import { readStatedKey } from '../stated.ts'
import type { KeptSecret } from './contents.ts'

/** What may be told of a key Secret: nothing that is secret. */
interface KeyFacts {
  kind: 'waxwing' | 'bitnami'
  /** What its label says. */
  state: string
  /** `plain`: whoever has the Secret has the key, and it was tried. */
  form: 'plain' | 'wrapped' | 'malformed'
  /** Of a wrapped seed: who opens it. */
  by?: string
  /** The key's id; of a certificate its SHA-256 fingerprint. Absent where it is malformed. */
  id?: string
  holder?: string
  /** RFC 3339, UTC. */
  notBefore?: string
  notAfter?: string
}

/** A Secret with what it turned out to be. */
export interface KnownKey {
  secret: KeptSecret
  facts: KeyFacts
}

/** Of a Secret for which `isKeySecret` holds. */
export async function knownKey(kem: MlKem, secret: KeptSecret): Promise<KnownKey> {
  const facts = secret.type === KEY_TYPE ? await waxwingFacts(kem, secret) : bitnamiFacts(secret)
  return { secret, facts }
}

async function waxwingFacts(kem: MlKem, { name, labels, annotations, data }: KeptSecret): Promise<KeyFacts> {
  const head = { kind: 'waxwing' as const, state: labels[KEY_LABEL] ?? '' }
  try {
    const stated = readStatedKey(data.public ?? '')
    if (!stated) return { ...head, form: 'malformed' }
    const { id, holder, notBefore, notAfter } = stated
    const facts = { ...head, id, holder, notBefore, notAfter }
    // As for the controller: where both are there the plain one counts.
    if (data.seed === undefined && data.wrappedSeed !== undefined)
      return { ...facts, form: 'wrapped', by: annotations[AT_REST_ANNOTATION] ?? 'a provider' }
    const seed = fromBase64(data.seed ?? '')
    const opened = seed?.length === SEED_BYTES ? await openSeed(kem, seed, name) : undefined
    return opened?.id === id ? { ...facts, form: 'plain' } : { ...head, form: 'malformed' }
  } catch (error) {
    if (error instanceof SealError) return { ...head, form: 'malformed' }
    throw error
  }
}

function bitnamiFacts({ labels, data }: KeptSecret): KeyFacts {
  const head = { kind: 'bitnami' as const, state: labels[BITNAMI_KEY_LABEL] ?? '' }
  const text = (name: string) => new TextDecoder().decode(fromBase64(data[name] ?? '') ?? new Uint8Array())
  const pair = readTlsPair(text('tls.crt'), text('tls.key'))
  if (!pair) return { ...head, form: 'malformed' }
  const print = [...primitives.sha256(pair.der)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return {
    ...head,
    form: 'plain',
    id: `sha256:${print}`,
    notBefore: rfc3339(pair.notBefore),
    notAfter: rfc3339(pair.notAfter),
  }
}
