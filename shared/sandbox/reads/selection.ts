import type { Call } from '../api.ts'
import { textAt } from '../json.ts'
import type { KubeObject } from '../objects.ts'
import type { ResourceType } from '../resources/types.ts'
import { type FieldRequirement, fieldRequirements, labelSelector } from '../selectors.ts'
import { badRequest } from '../status-errors.ts'

/** Which objects of a collection a request is about. */
export type Selection = (object: KubeObject) => boolean

/** From the path (namespace, and a watch's name) and the selectors of the query. */
export function selectionOf({ type, info, query }: Call): Selection {
  const byLabel = labelSelector(query.get('labelSelector') ?? '')
  const byField = fieldRequirements(query.get('fieldSelector') ?? '').map((one) => fieldTest(type, one))
  const namespace = type.namespaced ? info.namespace : ''
  return (object) => {
    const { metadata } = object
    if (namespace !== '' && metadata.namespace !== namespace) return false
    if (info.name !== '' && metadata.name !== info.name) return false
    return byLabel(metadata.labels ?? {}) && byField.every((test) => test(object))
  }
}

export function selected(objects: readonly KubeObject[], selection: Selection): KubeObject[] {
  return objects.filter(selection)
}

function fieldTest(type: ResourceType, { field, value, equal }: FieldRequirement): Selection {
  const known =
    field === 'metadata.name' || field === 'metadata.namespace' || type.fieldLabels.includes(field)
  if (!known) throw badRequest(`field label not supported: ${field}`)
  // Fields of a second version, by their names in the stored one.
  const stored = field.replace(/^regarding\./, 'involvedObject.')
  const path = stored === 'source' ? ['source', 'component'] : stored.split('.')
  return (object) => (textAt(object, ...path) === value) === equal
}
