import type { DesiredSecret } from './desired.ts'

/** The Secret as a manifest; fields that say nothing are left out. */
export function secretObject(secret: DesiredSecret): object {
  const { name, namespace, labels, annotations, type, immutable, data } = secret
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name,
      ...(namespace === '' ? {} : { namespace }),
      ...(Object.keys(labels).length > 0 ? { labels } : {}),
      ...(Object.keys(annotations).length > 0 ? { annotations } : {}),
    },
    type,
    ...(immutable ? { immutable } : {}),
    data,
  }
}
