import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { toBase64 } from '../../shared/crypto/base64.ts'
import { utf8 } from '../../shared/crypto/bytes.ts'
import { chooseKem } from '../../shared/crypto/kem/choose.ts'
import { archiveText } from '../../shared/keys/backup/archive.ts'
import type { KeptKeys, KeptSecret } from '../../shared/keys/backup/contents.ts'
import { type Locks, type Stretch, sealBackup } from '../../shared/keys/backup/seal.ts'
import { BITNAMI_KEY_LABEL, KEY_LABEL, KEY_TYPE, type KeyState } from '../../shared/keys/labels.ts'
import type { NamedKey } from './keys.ts'
import { seededRandom } from './objects.ts'
import { root } from './programs.ts'

/** Stands for scrypt where a test makes or opens thousands of archives. */
export const quickStretch: Stretch = async (passphrase, salt) =>
  new Uint8Array(createHash('sha256').update(salt).update(passphrase).digest())

/** The seed of a `namedKey`. */
const seedOf = (name: string): Uint8Array =>
  new Uint8Array(createHash('sha256').update(`test key ${name}`).digest())

/** The Secret of a `namedKey`, as a controller keeps it. */
export const keptKey = (
  { publicText, opened }: NamedKey,
  name: string,
  state: KeyState = 'active',
): KeptSecret => ({
  name,
  type: KEY_TYPE,
  labels: { [KEY_LABEL]: state },
  annotations: {},
  data: {
    seed: toBase64(seedOf(opened.name)),
    public: toBase64(utf8(publicText)),
  },
})

const fixture = (name: string) =>
  readFileSync(join(root, 'test/unit/shared/check/fixtures/tls', name)).toString('base64')

/** A key pair as Bitnami's controller keeps it. */
export const bitnamiKey = (name = 'sealed-secrets-keyx7k2p'): KeptSecret => ({
  name,
  type: 'kubernetes.io/tls',
  labels: { [BITNAMI_KEY_LABEL]: 'active' },
  annotations: {},
  data: { 'tls.crt': fixture('rsa.crt'), 'tls.key': fixture('rsa.key') },
})

/** The text of an archive, always the same one for the same things. */
export async function archiveOf(keys: KeptKeys, locks: Locks, seed = 1): Promise<string> {
  const parts = { kem: await chooseKem(), stretch: quickStretch, created: '2026-11-24T09:30:00Z' }
  return archiveText(await sealBackup(keys, locks, { ...parts, random: seededRandom(seed) }))
}
