import { randomBytes } from 'node:crypto'
import { chooseKem } from '../../shared/crypto/kem/choose.ts'
import { sealedSecretObject } from '../../shared/format/write.ts'
import { readSealingKey } from '../../shared/keys/public.ts'
import type { KubeObject } from '../../shared/kube/port.ts'
import { sealFor } from '../../test/support/objects.ts'

const random = (size: number) => new Uint8Array(randomBytes(size))

export const VALUES = ['username', 'password', 'url'] as const

/** A SealedSecret of three values for the key that a controller has published. */
export async function sealedSecret(
  sealingKey: unknown,
  namespace: string,
  name: string,
): Promise<KubeObject> {
  const key = readSealingKey(sealingKey)
  const values = new Map(VALUES.map((field) => [field, random(field === 'url' ? 60 : 20)]))
  const sealed = await sealFor(await chooseKem(), [key], values, random, { namespace, name })
  return sealedSecretObject(sealed) as unknown as KubeObject
}
