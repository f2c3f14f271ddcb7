import { isDataKey } from './limits.ts'
import type { Reader } from './reader.ts'
import { emptyTemplate, type Template } from './sealed-secret.ts'

/** `spec.template`, optional and in clear. */
export function readTemplate(r: Reader, value: unknown): Template {
  const path = ['spec', 'template']
  if (value === undefined) return emptyTemplate()
  const object = r.fields(value, path, ['type', 'immutable', 'metadata', 'data']) ?? {}
  const metadata =
    object.metadata === undefined
      ? {}
      : (r.fields(object.metadata, [...path, 'metadata'], ['labels', 'annotations']) ?? {})
  const texts = (held: unknown, ...at: string[]) =>
    held === undefined
      ? new Map<string, string>()
      : (r.texts(held, [...path, ...at]) ?? new Map<string, string>())
  const template: Template = {
    labels: texts(metadata.labels, 'metadata', 'labels'),
    annotations: texts(metadata.annotations, 'metadata', 'annotations'),
    data: texts(object.data, 'data'),
  }
  for (const key of template.data.keys())
    if (!isDataKey(key)) r.note([...path, 'data', key], 'is not a data key that Kubernetes accepts')
  if (object.type !== undefined) {
    const type = r.text(object.type, [...path, 'type'])
    if (type !== undefined) template.type = type
  }
  if (object.immutable !== undefined) {
    if (typeof object.immutable === 'boolean') template.immutable = object.immutable
    else r.note([...path, 'immutable'], 'must be true or false')
  }
  return template
}
