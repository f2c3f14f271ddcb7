import type { KubeObject, ObjectMeta } from '../shared/kube/port.ts'

/** Put on every Secret that is written here, so that one watch sees exactly these. */
export const MANAGED_BY_LABEL = 'waxwing.dev/managed-by'
export const MANAGED_BY = 'waxwing'
/** On a Secret: which of its labels and annotations came from the template (names only), so that they can go again. */
export const APPLIED_ANNOTATION = 'waxwing.dev/applied'
/** On a Secret of somebody else, `true`: take it over; on one that we keep without owner reference: it is ours. */
export const MANAGED_ANNOTATION = 'waxwing.dev/managed'
/** On a Secret of somebody else, `true`: put our keys into it and touch nothing else. */
export const PATCH_ANNOTATION = 'waxwing.dev/patch'
/** On a SealedSecret, `true`: the Secret stays when the object goes. */
export const SKIP_OWNER_ANNOTATION = 'waxwing.dev/skip-owner-reference'
/** On a SealedSecret, `ignore`: what others do to the Secret stays until the object changes. */
export const DRIFT_ANNOTATION = 'waxwing.dev/drift'
/** On a SealedSecret whose values stand in a Secret of somebody else, from which they have to go with it. */
export const FINALIZER = 'waxwing.dev/patched-secret'

/** metav1.Condition. */
export interface Condition {
  type: string
  status: 'True' | 'False'
  observedGeneration: number
  lastTransitionTime: string
  reason: string
  message: string
}

/** Which Secret, and at which version. */
export interface SecretRef {
  uid: string
  resourceVersion: string
}

/** A Secret as the cache keeps it. */
export interface SecretEntry extends SecretRef {
  /** The uid of its controller. */
  owner?: string
  /** Another's, and open to our keys. */
  shared: boolean
}

export interface Status {
  observedGeneration?: number
  conditions?: Condition[]
  secret?: SecretRef
}

/** A SealedSecret as the API server gives it: only `openSealedSecret` looks into its spec. */
export interface SealedObject extends KubeObject {
  metadata: ObjectMeta
  spec?: unknown
  status?: Status
}

/** core/v1 Secret. */
export interface SecretObject extends KubeObject {
  type?: string
  immutable?: boolean
  data?: Record<string, string>
}

/** Whether an annotation says `true`. */
export const says = ({ annotations = {} }: ObjectMeta, annotation: string): boolean =>
  annotations[annotation] === 'true'

/** `namespace/name`: the SealedSecret's and its Secret's alike. */
export const keyOf = ({ namespace = '', name }: { namespace?: string; name: string }): string =>
  `${namespace}/${name}`

export const secretRef = ({ metadata }: KubeObject): SecretRef => ({
  uid: metadata.uid ?? '',
  resourceVersion: metadata.resourceVersion ?? '',
})

export function secretEntry(object: KubeObject): SecretEntry {
  const owner = object.metadata.ownerReferences?.find(({ controller }) => controller)?.uid
  const shared = says(object.metadata, PATCH_ANNOTATION)
  return { ...secretRef(object), ...(owner !== undefined && { owner }), shared }
}
