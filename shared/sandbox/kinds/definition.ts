import { type FieldError, invalidValue, required } from '../field-errors.ts'
import { type Doc, docAt, isDoc, listAt, textAt, valueAt } from '../json.ts'
import type { KubeObject } from '../objects.ts'
import type { Rules } from '../resources/types.ts'

/** Keeps a definition until its objects are gone. */
export const DEFINITION_FINALIZER = 'customresourcecleanup.apiextensions.k8s.io'

/** https://kubernetes.io/docs/reference/kubernetes-api/extend-resources/custom-resource-definition-v1/ */
export const definitionRules: Rules = {
  prepare(object, old) {
    const names = withDefaultNames(docAt(object, 'spec', 'names'))
    const spec = { conversion: { strategy: 'None' }, ...docAt(object, 'spec'), names }
    const prepared = { ...object, spec }
    if (old !== undefined) return { ...prepared, status: accepted(prepared, docAt(old, 'status')) }
    const finalizers = [...new Set([...(object.metadata.finalizers ?? []), DEFINITION_FINALIZER])]
    const metadata = { ...object.metadata, finalizers }
    return { ...prepared, metadata, status: accepted(prepared, {}) }
  },
  validate: (object) => definitionErrors(object),
}

function withDefaultNames(names: Doc): Doc {
  const kind = textAt(names, 'kind')
  return {
    ...names,
    singular: textAt(names, 'singular') || kind.toLowerCase(),
    listKind: textAt(names, 'listKind') || `${kind}List`,
  }
}

/** What the real server's controllers write a moment later; nothing here can make them say otherwise. */
function accepted(object: Doc & { metadata: KubeObject['metadata'] }, old: Doc): Doc {
  const at = object.metadata.creationTimestamp ?? ''
  const storage = listAt(object, 'spec', 'versions').find((version) => valueAt(version, 'storage') === true)
  const stored = new Set([...listAt(old, 'storedVersions').map(String), textAt(storage, 'name')])
  return {
    ...old,
    acceptedNames: docAt(object, 'spec', 'names'),
    storedVersions: [...stored],
    conditions: [
      condition('NamesAccepted', 'NoConflicts', 'no conflicts found', at),
      condition('Established', 'InitialNamesAccepted', 'the initial names have been accepted', at),
    ],
  }
}

function condition(type: string, reason: string, message: string, lastTransitionTime: string): Doc {
  return { lastTransitionTime, message, reason, status: 'True', type }
}

function definitionErrors(object: KubeObject): FieldError[] {
  const errors: FieldError[] = []
  const group = textAt(object, 'spec', 'group')
  const plural = textAt(object, 'spec', 'names', 'plural')
  const scope = textAt(object, 'spec', 'scope')
  const versions = listAt(object, 'spec', 'versions').filter(isDoc)
  if (object.metadata.name !== `${plural}.${group}`) {
    const detail = 'must be spec.names.plural+"."+spec.group'
    errors.push(invalidValue('metadata.name', object.metadata.name, detail))
  }
  if (!group.includes('.')) {
    errors.push(
      group === ''
        ? required('spec.group')
        : invalidValue('spec.group', group, 'should be a domain with at least one dot'),
    )
  }
  if (scope !== 'Namespaced' && scope !== 'Cluster') errors.push(required('spec.scope'))
  for (const field of ['plural', 'kind']) {
    if (textAt(object, 'spec', 'names', field) === '') errors.push(required(`spec.names.${field}`))
  }
  if (versions.filter((version) => version.storage === true).length !== 1) {
    const detail = 'must have exactly one version marked as storage version'
    errors.push(invalidValue('spec.versions', versions, detail))
  }
  versions.forEach((version, index) => {
    const path = `spec.versions[${index}].schema.openAPIV3Schema`
    const schema = valueAt(version, 'schema', 'openAPIV3Schema')
    if (!isDoc(schema)) errors.push(required(path, 'schemas are required'))
    else errors.push(...structuralErrors(schema, path, true))
  })
  return errors
}

/** The rule that is broken most often: every level says its type. */
function structuralErrors(schema: Doc, path: string, root = false): FieldError[] {
  const errors: FieldError[] = []
  const free =
    schema['x-kubernetes-int-or-string'] === true || schema['x-kubernetes-preserve-unknown-fields'] === true
  if (textAt(schema, 'type') === '' && (root || !free)) {
    errors.push(
      required(`${path}.type`, `must not be empty for ${root ? 'the root' : 'specified object fields'}`),
    )
  }
  for (const [name, property] of Object.entries(docAt(schema, 'properties'))) {
    if (isDoc(property)) errors.push(...structuralErrors(property, `${path}.properties[${name}]`))
  }
  for (const field of ['items', 'additionalProperties']) {
    const inner = schema[field]
    if (isDoc(inner)) errors.push(...structuralErrors(inner, `${path}.${field}`))
  }
  return errors
}
