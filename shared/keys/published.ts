import { SealError } from '../errors.ts'
import { API_VERSION } from '../format/sealed-secret.ts'
import { KEY_LABEL, KEY_SECRET_ANNOTATION, type KeyState, PUBLISHED_BY_LABEL } from './labels.ts'
import { readSealingKey, type SealingKey, sealingKeyObject } from './public.ts'

/** How many SealedSecrets of those that a controller serves depend on a key. */
export interface KeyUsage {
  /** Objects that name the key as a recipient. */
  usable: number
  /** Objects with an envelope that names the key and no other key that is here and active: without it they do not open. */
  needed: number
}

/** A public key as its controller shows it. */
export interface PublishedKey {
  key: SealingKey
  state: KeyState
  /** The name of the Secret that holds the private key. */
  secret?: string
  /** Absent: not counted. */
  usage?: KeyUsage
  /** The namespace of the controller that published it. */
  publisher?: string
}

/** A SealingKey object that says what becomes of the key. `counter`: who counted; each controller counts its own objects. */
export function publishedKeyObject(
  { key, state, secret, usage }: PublishedKey,
  name: string,
  counter: string,
): Record<string, unknown> {
  return {
    ...sealingKeyObject(key, name),
    metadata: {
      name,
      labels: { [KEY_LABEL]: state },
      ...(secret !== undefined && { annotations: { [KEY_SECRET_ANNOTATION]: secret } }),
    },
    ...(usage && { status: { usage: { [counter]: usage } } }),
  }
}

interface Loose {
  metadata?: { labels?: Record<string, unknown>; annotations?: Record<string, unknown> }
  status?: { usage?: Record<string, Partial<KeyUsage>> }
}

/** Throws as `readSealingKey` does. What is not marked as retired counts as active. */
export function readPublishedKey(object: unknown): PublishedKey {
  const { retired, ...key } = readSealingKey(object)
  const { metadata, status } = object as Loose
  const publisher = metadata?.labels?.[PUBLISHED_BY_LABEL]
  const secret = metadata?.annotations?.[KEY_SECRET_ANNOTATION]
  const usage = sumOf(Object.values(status?.usage ?? {}))
  return {
    key,
    state: retired ? 'retired' : 'active',
    ...(typeof secret === 'string' && { secret }),
    ...(usage && { usage }),
    ...(typeof publisher === 'string' && { publisher }),
  }
}

/** Of several controllers: their objects are not the same ones. Undefined where nobody has counted. */
export function sumOf(counts: readonly Partial<KeyUsage>[]): KeyUsage | undefined {
  const sum = (field: keyof KeyUsage) => counts.reduce((total, count) => total + Number(count?.[field]), 0)
  const usage = { usable: sum('usable'), needed: sum('needed') }
  return counts.length > 0 && Number.isInteger(usage.usable + usage.needed) ? usage : undefined
}

/** Those that can be read: one bad object, which anybody may have put there, does not hide the good ones. */
export function readPublishedKeys(items: readonly object[]): PublishedKey[] {
  return items.flatMap((item) => {
    try {
      // Items of a list do not repeat their kind.
      return [readPublishedKey({ apiVersion: API_VERSION, kind: 'SealingKey', ...item })]
    } catch (error) {
      if (error instanceof SealError) return []
      throw error
    }
  })
}
