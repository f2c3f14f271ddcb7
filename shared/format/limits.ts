import { SealError } from '../errors.ts'

export const MAX_ENVELOPES = 64
export const MAX_RECIPIENTS = 64
/** All values of a Secret together, as the API server counts them (core/v1 MaxSecretSize). */
export const MAX_VALUE_BYTES = 1_048_576
/** etcd's default for a request (`--max-request-bytes`, 1.5 MiB). */
export const ETCD_REQUEST_BYTES = 1_572_864
export const MAX_DOCUMENT_BYTES = 3 * 1_048_576

/** Data keys: core/v1 IsConfigMapKey. */
export const isDataKey = (key: string): boolean =>
  /^[-._a-zA-Z0-9]{1,253}$/.test(key) && key !== '.' && !key.startsWith('..')

/** metadata.name of our kinds: RFC 1123 subdomain, 253 characters. */
export const isObjectName = (name: string): boolean =>
  name.length <= 253 && /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/.test(name)

/** metadata.namespace: RFC 1123 label, 63 characters. */
export const isNamespaceName = (name: string): boolean => /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(name)

/** More than any manifest of 3 MiB has; aliases of aliases reach it soon. */
export const MAX_NODES = 1_000_000

export const tooManyNodes = (): SealError =>
  new SealError('too-large', 'the document expands to more nodes than any manifest has', {
    hint: 'Write out what its aliases stand for.',
  })

/** metav1.ObjectMeta: what an object read back from a cluster may carry. */
export const METADATA_FIELDS = [
  'name',
  'namespace',
  'labels',
  'annotations',
  'generateName',
  'selfLink',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'ownerReferences',
  'finalizers',
  'managedFields',
]
