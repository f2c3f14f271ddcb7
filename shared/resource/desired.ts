import { toBase64 } from '../crypto/base64.ts'
import { SealError } from '../errors.ts'
import { MAX_VALUE_BYTES } from '../format/limits.ts'
import { readSealedSecret } from '../format/schema.ts'
import type { SealedSecret } from '../format/sealed-secret.ts'
import { type PrivateKeys, unseal } from '../format/unseal.ts'
import { renderer } from './render.ts'
import { checkTemplate } from './reserved.ts'

export const DEFAULT_TYPE = 'Opaque'

/** The Secret that a SealedSecret stands for, before anything of ours (owner, labels) is added. */
export interface DesiredSecret {
  name: string
  namespace: string
  type: string
  immutable: boolean
  labels: Record<string, string>
  annotations: Record<string, string>
  /** Base64, as the API has it. */
  data: Record<string, string>
}

/** Checks, opens and renders an object as it came from the API server or a file; throws the first refusal. */
export async function openSealedSecret(data: unknown, keys: PrivateKeys): Promise<DesiredSecret> {
  const sealed = readSealedSecret(data)
  return desiredSecret(sealed, await unseal(sealed, keys))
}

export function desiredSecret(sealed: SealedSecret, values: ReadonlyMap<string, Uint8Array>): DesiredSecret {
  const { template, name, namespace } = sealed
  checkTemplate(template)
  const all = new Map(values)
  if (template.data.size > 0) {
    const render = renderer(values)
    for (const [key, text] of template.data) all.set(key, render(key, text))
  }
  const bytes = [...all.values()].reduce((sum, value) => sum + value.length, 0)
  if (bytes > MAX_VALUE_BYTES)
    throw new SealError(
      'too-large',
      `the values are larger than the ${MAX_VALUE_BYTES} bytes a Secret may hold`,
    )
  return {
    name,
    namespace,
    type: template.type ?? DEFAULT_TYPE,
    immutable: template.immutable ?? false,
    labels: objectOf(template.labels),
    annotations: objectOf(template.annotations),
    data: objectOf([...all].map(([key, value]) => [key, toBase64(value)])),
  }
}

/** Own properties only, `__proto__` included (fromEntries defines, it does not assign). */
const objectOf = (entries: Iterable<readonly [string, string]>): Record<string, string> =>
  Object.fromEntries(entries)
