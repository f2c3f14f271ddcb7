import { API_VERSION } from '../../shared/format/sealed-secret.ts'
import type { ObjectMeta, OwnerReference } from '../../shared/kube/port.ts'
import type { DesiredSecret } from '../../shared/resource/desired.ts'
import {
  APPLIED_ANNOTATION,
  MANAGED_ANNOTATION,
  MANAGED_BY,
  MANAGED_BY_LABEL,
  type SecretObject,
  SKIP_OWNER_ANNOTATION,
  says,
} from '../objects.ts'

export const KIND = 'SealedSecret'

/** The Secret to post: the desired one with owner, label and the record of what came from the template. */
export function secretObject(desired: DesiredSecret, owner: ObjectMeta): SecretObject {
  const { name, namespace, type, immutable, data } = desired
  const annotations = wantedAnnotations(desired, owner)
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name,
      namespace,
      labels: wantedLabels(desired),
      ...(Object.keys(annotations).length > 0 && { annotations }),
      ...(!says(owner, SKIP_OWNER_ANNOTATION) && { ownerReferences: [ownerReference(owner)] }),
    },
    type,
    ...(immutable && { immutable }),
    data,
  }
}

/** Without `blockOwnerDeletion`: setting it needs rights on the owner's finalizers in some clusters, and nothing needs it. */
export function ownerReference({ name, uid = '' }: ObjectMeta): OwnerReference {
  return { apiVersion: API_VERSION, kind: KIND, name, uid, controller: true }
}

export const wantedLabels = ({ labels }: DesiredSecret): Record<string, string> => ({
  ...labels,
  [MANAGED_BY_LABEL]: MANAGED_BY,
})

export function wantedAnnotations(desired: DesiredSecret, owner: ObjectMeta): Record<string, string> {
  const labels = Object.keys(desired.labels).sort()
  const annotations = Object.keys(desired.annotations).sort()
  return {
    ...desired.annotations,
    ...(labels.length + annotations.length > 0 && {
      [APPLIED_ANNOTATION]: JSON.stringify({ labels, annotations }),
    }),
    ...(says(owner, SKIP_OWNER_ANNOTATION) && { [MANAGED_ANNOTATION]: 'true' }),
  }
}

export interface Applied {
  labels: string[]
  annotations: string[]
  /** Noted only in a Secret of somebody else; of our own all keys are ours. */
  data: string[]
}

/** What the Secret itself says came from a template. Somebody may have edited it: then nothing is known to be ours. */
export function appliedTo({ metadata }: SecretObject): Applied {
  let noted: unknown
  try {
    noted = JSON.parse(metadata.annotations?.[APPLIED_ANNOTATION] ?? '{}')
  } catch {
    noted = undefined
  }
  const { labels, annotations, data } = (noted ?? {}) as Record<string, unknown>
  return { labels: names(labels), annotations: names(annotations), data: names(data) }
}

const names = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((name): name is string => typeof name === 'string') : []
