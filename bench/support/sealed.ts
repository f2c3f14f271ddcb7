import { randomBytes } from 'node:crypto'
import { chooseKem } from '../../shared/crypto/kem/choose.ts'
import type { RecipientKey } from '../../shared/format/seal.ts'
import { sealedSecretObject } from '../../shared/format/write.ts'
import type { KubeObject } from '../../shared/kube/port.ts'
import { sealFor } from '../../test/support/objects.ts'

const random = (size: number) => new Uint8Array(randomBytes(size))

export const VALUES = ['username', 'password', 'url'] as const

/** Three small values, or as many of `bytes` each. */
export const someValues = (bytes?: number): Map<string, Uint8Array> =>
  new Map(VALUES.map((field) => [field, random(bytes ?? (field === 'url' ? 60 : 20))]))

/** A SealedSecret of three values for a key. */
export async function sealedSecret(
  key: RecipientKey,
  namespace: string,
  name: string,
  values: ReadonlyMap<string, Uint8Array> = someValues(),
): Promise<KubeObject> {
  const sealed = await sealFor(await chooseKem(), [key], values, random, { namespace, name })
  return sealedSecretObject(sealed) as unknown as KubeObject
}
