import { API_VERSION } from '../../shared/format/sealed-secret.ts'
import type { ObjectMeta, OwnerReference } from '../../shared/kube/port.ts'
import type { DesiredSecret } from '../../shared/resource/desired.ts'
import { APPLIED_ANNOTATION, MANAGED_BY, MANAGED_BY_LABEL, type SecretObject } from '../objects.ts'

const KIND = 'SealedSecret'

/** The Secret to post: the desired one with owner, label and the record of what came from the template. */
export function secretObject(desired: DesiredSecret, owner: ObjectMeta): SecretObject {
  const { name, namespace, type, immutable, data } = desired
  const annotations = wantedAnnotations(desired)
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name,
      namespace,
      labels: wantedLabels(desired),
      ...(Object.keys(annotations).length > 0 && { annotations }),
      ownerReferences: [ownerReference(owner)],
    },
    type,
    ...(immutable && { immutable }),
    data,
  }
}

/** Without `blockOwnerDeletion`: setting it needs rights on the owner's finalizers in some clusters, and nothing needs it. */
function ownerReference({ name, uid = '' }: ObjectMeta): OwnerReference {
  return { apiVersion: API_VERSION, kind: KIND, name, uid, controller: true }
}

export const wantedLabels = ({ labels }: DesiredSecret): Record<string, string> => ({
  ...labels,
  [MANAGED_BY_LABEL]: MANAGED_BY,
})

export function wantedAnnotations(desired: DesiredSecret): Record<string, string> {
  const labels = Object.keys(desired.labels).sort()
  const annotations = Object.keys(desired.annotations).sort()
  if (labels.length + annotations.length === 0) return {}
  return { ...desired.annotations, [APPLIED_ANNOTATION]: JSON.stringify({ labels, annotations }) }
}

export interface Applied {
  labels: string[]
  annotations: string[]
}

/** What the Secret itself says came from a template. Somebody may have edited it: then nothing is known to be ours. */
export function appliedTo({ metadata }: SecretObject): Applied {
  let noted: unknown
  try {
    noted = JSON.parse(metadata.annotations?.[APPLIED_ANNOTATION] ?? '{}')
  } catch {
    noted = undefined
  }
  const { labels, annotations } = (noted ?? {}) as Record<string, unknown>
  return { labels: names(labels), annotations: names(annotations) }
}

const names = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((name): name is string => typeof name === 'string') : []

/**
 * Whose Secret it is. `former`: of a SealedSecret of this name that is no more, so the garbage collector will take it.
 */
export function ownership({ metadata }: SecretObject, owner: ObjectMeta): 'ours' | 'former' | 'foreign' {
  const reference = metadata.ownerReferences?.find(({ controller }) => controller)
  if (
    !reference ||
    reference.kind !== KIND ||
    reference.apiVersion.split('/')[0] !== API_VERSION.split('/')[0]
  )
    return 'foreign'
  if (reference.uid === owner.uid) return 'ours'
  return reference.name === owner.name ? 'former' : 'foreign'
}
