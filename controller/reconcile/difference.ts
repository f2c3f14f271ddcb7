import type { MergePatch } from '../../shared/kube/port.ts'
import { DEFAULT_TYPE, type DesiredSecret } from '../../shared/resource/desired.ts'
import { APPLIED_ANNOTATION, type SecretObject } from '../objects.ts'
import { appliedTo, wantedAnnotations, wantedLabels } from './owned.ts'

type Texts = Record<string, string>
/** RFC 7396: null removes. */
type Changes = Record<string, string | null>

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
export function difference(actual: SecretObject, desired: DesiredSecret): Difference | undefined {
  const { labels = {}, annotations = {} } = actual.metadata
  const applied = appliedTo(actual)
  const wanted = wantedAnnotations(desired)
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

/** What to set, and which of `removable` to remove. */
function changesOf(actual: Texts, wanted: Texts, removable: readonly string[]): Changes {
  const changes: [string, string | null][] = []
  for (const [key, value] of Object.entries(wanted))
    if (own(actual, key) !== value) changes.push([key, value])
  for (const key of removable)
    if (Object.hasOwn(actual, key) && !Object.hasOwn(wanted, key)) changes.push([key, null])
  return Object.fromEntries(changes)
}

const own = (texts: Texts, key: string): string | undefined =>
  Object.hasOwn(texts, key) ? texts[key] : undefined

const present = (field: string, changes: Changes) =>
  Object.keys(changes).length > 0 ? { [field]: changes } : {}
