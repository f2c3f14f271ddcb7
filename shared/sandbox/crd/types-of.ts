import { untyped } from '../apply/shape.ts'
import { type Doc, docAt, isDoc, listAt, textAt, valueAt } from '../json.ts'
import type { KubeObject } from '../objects.ts'
import { ageColumn } from '../resources/columns.ts'
import type { Column, ResourceType, Subresource } from '../resources/types.ts'
import type { CustomSchema } from './custom-schema.ts'
import { printerColumn } from './printer-column.ts'
import { shapeOfSchema } from './shape.ts'

/** Whether the definition's names were accepted, so that its resources are there. */
export function served(definition: KubeObject): boolean {
  return listAt(definition, 'status', 'conditions').some((condition) => {
    return textAt(condition, 'type') === 'Established' && textAt(condition, 'status') === 'True'
  })
}

/** One type for each served version of a CustomResourceDefinition. */
export function typesOfDefinition(definition: KubeObject): ResourceType[] {
  return listAt(definition, 'spec', 'versions')
    .filter(isDoc)
    .filter((version) => version.served === true)
    .map((version) => typeOf(definition, version))
}

function typeOf(definition: KubeObject, version: Doc): ResourceType {
  const names = docAt(definition, 'spec', 'names')
  const schema = valueAt(version, 'schema', 'openAPIV3Schema') as CustomSchema | undefined
  const group = textAt(definition, 'spec', 'group')
  const plural = textAt(names, 'plural')
  return {
    group,
    version: textAt(version, 'name'),
    plural,
    singular: textAt(names, 'singular'),
    kind: textAt(names, 'kind'),
    namespaced: textAt(definition, 'spec', 'scope') === 'Namespaced',
    shortNames: listAt(names, 'shortNames').map(String),
    categories: listAt(names, 'categories').map(String),
    collection: `${plural}.${group}`,
    subresources: subresourcesOf(version),
    counted: true,
    strategic: false,
    createOnUpdate: false,
    versionRequired: true,
    returnsDeleted: false,
    nameRule: 'subdomain',
    shape: schema === undefined ? untyped : shapeOfSchema(schema),
    rules: {},
    columns: columnsOf(version),
    fieldLabels: listAt(version, 'selectableFields').map((one) => textAt(one, 'jsonPath').replace(/^\./, '')),
    fields: [],
    ...(schema === undefined ? {} : { schema }),
  }
}

function subresourcesOf(version: Doc): Subresource[] {
  return isDoc(valueAt(version, 'subresources', 'status')) ? ['status'] : []
}

function columnsOf(version: Doc): readonly Column[] {
  const given = listAt(version, 'additionalPrinterColumns')
  return given.length === 0 ? [ageColumn] : given.map(printerColumn)
}
