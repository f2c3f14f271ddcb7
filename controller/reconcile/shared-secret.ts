import type { MergePatch } from '../../shared/kube/port.ts'
import type { DesiredSecret } from '../../shared/resource/desired.ts'
import { APPLIED_ANNOTATION, MANAGED_BY_LABEL, type SecretObject } from '../objects.ts'
import type { Difference } from './difference.ts'
import { type Changes, changesOf, present, type Texts } from './merge.ts'
import { appliedTo, wantedLabels } from './owned.ts'

// A Secret of somebody else into which our keys go. What is ours in it is noted in it, names only; its type, its other
// keys and its owner are not our business.

/** How it differs from what it should be, as far as it is ours. `needsReplacing`: its owner has frozen it. */
export function sharedDifference(actual: SecretObject, desired: DesiredSecret): Difference | undefined {
  const applied = appliedTo(actual)
  return differenceOf(actual, {
    data: changesOf(actual.data ?? {}, desired.data, applied.data),
    labels: changesOf(actual.metadata.labels ?? {}, wantedLabels(desired), applied.labels),
    annotations: changesOf(
      actual.metadata.annotations ?? {},
      { ...desired.annotations, [APPLIED_ANNOTATION]: noteOf(desired) },
      applied.annotations,
    ),
  })
}

/** The same for an object that goes: everything of ours goes. */
export function farewell(actual: SecretObject): Difference | undefined {
  const applied = appliedTo(actual)
  return differenceOf(actual, {
    data: changesOf(actual.data ?? {}, {}, applied.data),
    labels: changesOf(actual.metadata.labels ?? {}, {}, [...applied.labels, MANAGED_BY_LABEL]),
    annotations: changesOf(actual.metadata.annotations ?? {}, {}, [
      ...applied.annotations,
      APPLIED_ANNOTATION,
    ]),
  })
}

function noteOf({ labels, annotations, data }: DesiredSecret): string {
  const names = (texts: Texts) => Object.keys(texts).sort()
  return JSON.stringify({ labels: names(labels), annotations: names(annotations), data: names(data) })
}

function differenceOf(actual: SecretObject, changes: Record<'data' | 'labels' | 'annotations', Changes>) {
  const { data, labels, annotations } = changes
  const all = Object.entries(changes).flatMap(([field, texts]) =>
    Object.keys(texts).map((key) => `${field}.${key}`),
  )
  if (all.length === 0) return undefined
  const patch: MergePatch = {
    metadata: {
      resourceVersion: actual.metadata.resourceVersion,
      ...present('labels', labels),
      ...present('annotations', annotations),
    },
    ...present('data', data),
  }
  const changed = all.filter((name) => name !== `annotations.${APPLIED_ANNOTATION}`)
  return { changed, needsReplacing: actual.immutable === true && Object.keys(data).length > 0, patch }
}
