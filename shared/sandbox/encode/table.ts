import type { KubeObject } from '../objects.ts'
import { nameColumn } from '../resources/columns.ts'
import type { Column, ResourceType } from '../resources/types.ts'

interface TableOptions {
  metadata: object
  now: Date
  headings: boolean
  /** `Metadata` (the default), `Object` or `None`: what each row carries besides its cells. */
  includeObject: string
}

/** https://kubernetes.io/docs/reference/using-api/api-concepts/#receiving-resources-as-tables */
export function table(type: ResourceType, objects: readonly KubeObject[], options: TableOptions): string {
  // Events are not known by their names.
  const columns = type.collection === 'events' ? type.columns : [nameColumn, ...type.columns]
  return JSON.stringify({
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata: options.metadata,
    columnDefinitions: options.headings ? columns.map(definition) : null,
    rows: objects.map((object) => ({
      cells: columns.map((column) => column.cell(object, options.now)),
      ...carried(object, options.includeObject),
    })),
  })
}

function definition({ name, type, format = '', description = '', priority = 0 }: Column) {
  return { name, type, format, description, priority }
}

function carried(object: KubeObject, include: string): object {
  if (include === 'None') return {}
  if (include === 'Object') return { object }
  const partial = { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: object.metadata }
  return { object: partial }
}
