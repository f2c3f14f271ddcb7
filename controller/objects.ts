import type { KubeObject, ObjectMeta } from '../shared/kube/port.ts'

/** Put on every Secret that is written here, so that one watch sees exactly these. */
export const MANAGED_BY_LABEL = 'waxwing.dev/managed-by'
export const MANAGED_BY = 'waxwing'
/** On a Secret: which of its labels and annotations came from the template (names only), so that they can go again. */
export const APPLIED_ANNOTATION = 'waxwing.dev/applied'
/** On a Secret that holds a private key: `active` or `retired`. */
export const KEY_LABEL = 'waxwing.dev/sealing-key'
export const KEY_TYPE = 'waxwing.dev/sealing-key'

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

/** `namespace/name`: the SealedSecret's and its Secret's alike. */
export const keyOf = ({ namespace = '', name }: { namespace?: string; name: string }): string =>
  `${namespace}/${name}`

export const secretRef = ({ metadata }: KubeObject): SecretRef => ({
  uid: metadata.uid ?? '',
  resourceVersion: metadata.resourceVersion ?? '',
})
