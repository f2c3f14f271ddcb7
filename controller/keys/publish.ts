import { type SealingKey, sealingKeyObject } from '../../shared/keys/public.ts'
import { isAlreadyExists, isForbidden, isNotFound } from '../../shared/kube/errors.ts'
import type { Kube, KubeObject } from '../../shared/kube/port.ts'
import { SEALING_KEYS } from '../../shared/kube/resources.ts'
import type { Log } from '../log.ts'

type Published = KubeObject & { spec?: Record<string, string> }

export interface Publisher {
  /** Makes the SealingKey objects say what the active keys are; throws what is worth another try. */
  publish(keys: readonly SealingKey[]): Promise<void>
}

/** Publishes public keys as cluster-scoped objects, named by key id; readable by whom the cluster's admin lets. */
export function createPublisher(
  kube: Pick<Kube, 'get' | 'create' | 'mergePatch'>,
  log: Log,
  signal: AbortSignal,
): Publisher {
  let told = false

  async function publishOne(key: SealingKey): Promise<void> {
    const wanted = sealingKeyObject(key, key.id) as unknown as Published
    const there = await read(key.id)
    if (!there) {
      await kube.create(SEALING_KEYS, wanted, { signal }).catch((error: unknown) => {
        if (!isAlreadyExists(error)) throw error // else another controller was first; it says the same
      })
    } else if (!sameSpec(there.spec, wanted.spec))
      await kube.mergePatch(SEALING_KEYS, { name: key.id }, { spec: wanted.spec }, { signal })
  }

  async function read(name: string): Promise<Published | undefined> {
    try {
      return await kube.get<Published>(SEALING_KEYS, { name }, { signal })
    } catch (error) {
      if (isNotFound(error)) return undefined
      throw error
    }
  }

  return {
    async publish(keys) {
      try {
        for (const key of keys) await publishOne(key)
      } catch (error) {
        // The chart gives this right only where keys are to be published so.
        if (!isForbidden(error)) throw error
        if (!told)
          log.warn({ err: error }, 'may not publish SealingKey objects; keys are served over HTTP only')
        told = true
      }
    },
  }
}

function sameSpec(a: Record<string, string> = {}, b: Record<string, string> = {}): boolean {
  const fields = new Set([...Object.keys(a), ...Object.keys(b)])
  return [...fields].every((field) => a[field] === b[field])
}
