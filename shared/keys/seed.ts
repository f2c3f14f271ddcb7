import { toBase64 } from '../crypto/base64.ts'
import { SUITE } from '../crypto/envelope.ts'
import type { MlKem } from '../crypto/kem/types.ts'
import { importSeed, SEED_BYTES, type XWingPrivateKey } from '../crypto/xwing.ts'
import { SealError } from '../errors.ts'
import { reader } from '../format/reader.ts'
import { API_VERSION } from '../format/sealed-secret.ts'
import { keyId } from './id.ts'
import { keyMalformed } from './public.ts'

/** An opened private key. */
export interface PrivateKey {
  id: string
  name: string
  key: XWingPrivateKey
}

/** The private key of a 32-byte seed, with the id that its public key gives. */
export async function openSeed(kem: MlKem, seed: Uint8Array, name: string): Promise<PrivateKey> {
  const key = await importSeed(kem, seed)
  return { id: keyId(key.publicKey), name, key }
}

/** Checks and opens a `SealingKeySeed` document; its stated id must be the one that the seed gives. */
export async function readSeed(kem: MlKem, data: unknown): Promise<PrivateKey> {
  const r = reader()
  const root = r.fields(data, [], ['apiVersion', 'kind', 'metadata', 'spec']) ?? {}
  if (root.apiVersion !== API_VERSION) r.note(['apiVersion'], `must be ${API_VERSION}`)
  if (root.kind !== 'SealingKeySeed') r.note(['kind'], 'must be SealingKeySeed')
  const metadata = r.fields(root.metadata, ['metadata']) ?? {}
  const name = r.text(metadata.name, ['metadata', 'name']) ?? ''
  const spec = r.fields(root.spec, ['spec'], ['id', 'suite', 'seed', 'encrypted']) ?? {}
  if (spec.suite !== SUITE) r.note(['spec', 'suite'], `must be ${SUITE}`)
  const id = r.text(spec.id, ['spec', 'id'])
  if (r.problems.length === 0 && spec.encrypted !== undefined)
    throw new SealError('seed-encrypted', `the private key ${name} is protected by a passphrase`)
  const seed = r.bytes(spec.seed, ['spec', 'seed'], SEED_BYTES)
  if (r.problems.length > 0 || !seed) throw keyMalformed('SealingKeySeed', r.problems)
  const opened = await openSeed(kem, seed, name)
  if (opened.id !== id)
    throw new SealError('key-mismatch', 'the id is not the one that the seed gives', { path: ['spec', 'id'] })
  return opened
}

export function seedObject(name: string, id: string, seed: Uint8Array): Record<string, unknown> {
  return {
    apiVersion: API_VERSION,
    kind: 'SealingKeySeed',
    metadata: { name },
    spec: { id, suite: SUITE, seed: toBase64(seed) },
  }
}
