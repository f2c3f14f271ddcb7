import { randomBytes } from 'node:crypto'
import { bound } from '../../shared/crypto/bound.ts'
import { chooseKem } from '../../shared/crypto/kem/choose.ts'
import { sealValues } from '../../shared/format/seal.ts'
import { emptyTemplate } from '../../shared/format/sealed-secret.ts'
import { sealedSecretObject } from '../../shared/format/write.ts'
import { readSealingKey } from '../../shared/keys/public.ts'
import type { KubeObject } from '../../shared/kube/port.ts'

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
  const sealed = await sealValues(await chooseKem(), bound('strict', namespace, name), values, [key], random)
  const object = sealedSecretObject({
    name,
    namespace,
    scope: 'strict',
    labels: new Map(),
    annotations: new Map(),
    template: emptyTemplate(),
    ...sealed,
  })
  return object as unknown as KubeObject
}
