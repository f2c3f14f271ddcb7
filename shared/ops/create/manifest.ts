import { toBase64 } from '../../crypto/base64.ts'

/** A Secret as `create` puts it together. */
export interface NewSecret {
  name: string
  type: string | undefined
  immutable: boolean
  labels: ReadonlyMap<string, string>
  annotations: ReadonlyMap<string, string>
  values: ReadonlyMap<string, Uint8Array>
}

/** The manifest that `seal` would be given: all its rules are then those of `create` too. It is never written anywhere. */
export function manifestText({ name, type, immutable, labels, annotations, values }: NewSecret): string {
  const data = [...values].map(([key, value]) => [key, toBase64(value)] as const)
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name,
      ...(labels.size > 0 ? { labels: Object.fromEntries(labels) } : {}),
      ...(annotations.size > 0 ? { annotations: Object.fromEntries(annotations) } : {}),
    },
    ...(type === undefined ? {} : { type }),
    ...(immutable ? { immutable } : {}),
    data: Object.fromEntries(data),
  })
}
