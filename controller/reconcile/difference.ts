import type { MergePatch, ObjectMeta, OwnerReference } from '../../shared/kube/port.ts'
import { DEFAULT_TYPE, type DesiredSecret } from '../../shared/resource/desired.ts'
import { APPLIED_ANNOTATION, type SecretObject, SKIP_OWNER_ANNOTATION, says } from '../objects.ts'
import { changesOf, present, type Texts } from './merge.ts'
import { appliedTo, ownerReference, wantedAnnotations, wantedLabels } from './owned.ts'

/** How a Secret of ours differs from the one that should be; undefined: not at all. Names only, for people. */
export interface Difference {
  /** `data.password`, `labels.app`, `type`. */
  changed: string[]
  /** What the API server lets nobody change in place. */
  needsReplacing: boolean
  patch: MergePatch
}

/** The token controller's: https://kubernetes.io/docs/concepts/configuration/secret/#serviceaccount-token-secrets */
const TOKEN_TYPE = 'kubernetes.io/service-account-token'
const TOKEN_KEYS = new Set(['token', 'ca.crt', 'namespace'])

/** All of `data` is ours; of labels and annotations only what the template names, or named when we last wrote. */
export function difference(
  actual: SecretObject,
  desired: DesiredSecret,
  owner: ObjectMeta,
): Difference | undefined {
  const { labels = {}, annotations = {} } = actual.metadata
  const applied = appliedTo(actual)
  const wanted = wantedAnnotations(desired, owner)
  const references = changedReferences(actual, owner)
  const oldAnnotations = [...applied.annotations, APPLIED_ANNOTATION]
  // The API server turns an empty type into the default one.
  const type = desired.type || DEFAULT_TYPE
  const data = ourData(type, actual.data ?? {})
  const changes = {
    data: changesOf(data, ourData(type, desired.data), Object.keys(data)),
    labels: changesOf(labels, wantedLabels(desired), applied.labels),
    annotations: changesOf(annotations, wanted, oldAnnotations),
  }
  const frozen = actual.immutable === true
  const otherType = (actual.type ?? DEFAULT_TYPE) !== type
  const changed = [
    ...Object.keys(changes.data).map((key) => `data.${key}`),
    ...Object.keys(changes.labels).map((key) => `labels.${key}`),
    ...Object.keys(changes.annotations)
      .filter((key) => key !== APPLIED_ANNOTATION)
      .map((key) => `annotations.${key}`),
    ...(references ? ['ownerReferences'] : []),
    ...(otherType ? ['type'] : []),
    ...(frozen === desired.immutable ? [] : ['immutable']),
  ]
  if (changed.length === 0 && !(APPLIED_ANNOTATION in changes.annotations)) return undefined
  return {
    changed,
    needsReplacing: otherType || (frozen && (!desired.immutable || Object.keys(changes.data).length > 0)),
    patch: {
      metadata: {
        resourceVersion: actual.metadata.resourceVersion,
        ...present('labels', changes.labels),
        ...present('annotations', changes.annotations),
        ...(references && { ownerReferences: references }),
      },
      ...present('data', changes.data),
      ...(desired.immutable && !frozen && { immutable: true }),
    },
  }
}

function ourData(type: string, data: Texts): Texts {
  if (type !== TOKEN_TYPE) return data
  return Object.fromEntries(Object.entries(data).filter(([key]) => !TOKEN_KEYS.has(key)))
}

/** The owner references as they shall be, with those of others; undefined: as they are. */
function changedReferences({ metadata }: SecretObject, owner: ObjectMeta): OwnerReference[] | undefined {
  const references = metadata.ownerReferences ?? []
  const others = references.filter(({ uid }) => uid !== owner.uid)
  const wanted = !says(owner, SKIP_OWNER_ANNOTATION)
  if (wanted === others.length < references.length) return undefined
  return wanted ? [...others, ownerReference(owner)] : others
}
