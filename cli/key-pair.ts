import { relative } from 'node:path'
import { toBase64 } from '../shared/crypto/base64.ts'
import { utf8 } from '../shared/crypto/bytes.ts'
import { chooseKem } from '../shared/crypto/kem/choose.ts'
import { SEED_BYTES } from '../shared/crypto/xwing.ts'
import { SealError } from '../shared/errors.ts'
import { yamlText } from '../shared/format/write.ts'
import { rfc3339 } from '../shared/keys/dates.ts'
import { KEY_LABEL, KEY_TYPE } from '../shared/keys/labels.ts'
import { type SealingKey, sealingKeyObject } from '../shared/keys/public.ts'
import { openSeed, seedObject } from '../shared/keys/seed.ts'
import { gitWorkTreeOf } from './io/git.ts'
import { randomBytes } from './io/random.ts'

export interface KeyPair {
  key: SealingKey
  publicText: string
  /** The private key, as the text of its file. */
  seedText: string
  /** The same as the Secret of a controller in that namespace. */
  secretText(namespace: string): string
}

/** A new key pair; times in milliseconds. */
export async function makeKeyPair(name: string, now: number, notAfter: number): Promise<KeyPair> {
  const seed = randomBytes(SEED_BYTES)
  const { id, key } = await openSeed(await chooseKem(), seed, name)
  const dates = { notBefore: rfc3339(now), notAfter: rfc3339(notAfter) }
  const sealingKey = { id, holder: name, publicKey: key.publicKey, ...dates }
  return {
    key: sealingKey,
    publicText: yamlText(sealingKeyObject(sealingKey, name)),
    seedText: yamlText(seedObject(name, id, seed)),
    secretText: (namespace) => yamlText(secretOf(sealingKey, seed, namespace)),
  }
}

const secretOf = (key: SealingKey, seed: Uint8Array, namespace: string): Record<string, unknown> => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: {
    name: `waxwing-key-${key.id.slice(2, 10)}`,
    namespace,
    labels: { [KEY_LABEL]: 'active' },
  },
  type: KEY_TYPE,
  data: { seed: toBase64(seed), public: toBase64(utf8(yamlText(sealingKeyObject(key, key.holder)))) },
})

/** What is committed once stays in the history. */
export function refuseGit(seedOut: string, hint?: string): void {
  const workTree = gitWorkTreeOf(seedOut)
  if (workTree !== undefined)
    throw new SealError('key-in-git', `is in the git work tree ${relative(process.cwd(), workTree) || '.'}`, {
      where: { file: seedOut },
      hint,
    })
}
