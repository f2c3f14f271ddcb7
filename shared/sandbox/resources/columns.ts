import { docAt, listAt, textAt, valueAt } from '../json.ts'
import type { KubeObject } from '../objects.ts'
import { age } from './age.ts'
import type { Column } from './types.ts'

/** The columns of kubectl's tables for built-in kinds, in the order and under the names of the real server. */

export const nameColumn: Column = {
  name: 'Name',
  type: 'string',
  format: 'name',
  cell: (object) => object.metadata.name,
}
export const ageColumn: Column = {
  name: 'Age',
  type: 'string',
  cell: (object, now) => age(object.metadata.creationTimestamp, now),
}

function text(name: string, ...path: string[]): Column {
  return { name, type: 'string', cell: (object) => textAt(object, ...path) }
}

function count(name: string, ...path: string[]): Column {
  return {
    name,
    type: 'string',
    cell: (object) => Object.keys(docAt(object, ...path)).length + listAt(object, ...path).length,
  }
}

function involved(object: KubeObject): string {
  return `${textAt(object, 'involvedObject', 'kind').toLowerCase()}/${textAt(object, 'involvedObject', 'name')}`
}

function lastSeen(object: KubeObject, now: Date): string {
  const seen =
    textAt(object, 'series', 'lastObservedTime') ||
    textAt(object, 'lastTimestamp') ||
    textAt(object, 'eventTime') ||
    object.metadata.creationTimestamp
  return age(seen, now)
}

function firstSeen(object: KubeObject, now: Date): string {
  const first = textAt(object, 'firstTimestamp') || textAt(object, 'eventTime')
  return age(first || object.metadata.creationTimestamp, now)
}

function source(object: KubeObject): string {
  const component = textAt(object, 'source', 'component') || textAt(object, 'reportingComponent')
  const where = textAt(object, 'source', 'host') || textAt(object, 'reportingInstance')
  return where === '' ? component : `${component}, ${where}`
}

function times(object: KubeObject): number {
  const count = valueAt(object, 'series', 'count') ?? valueAt(object, 'count')
  return typeof count === 'number' && count > 0 ? count : 1
}

function ports(object: KubeObject): string {
  const list = listAt(object, 'spec', 'ports').map((port) => {
    return `${String(valueAt(port, 'port'))}/${textAt(port, 'protocol') || 'TCP'}`
  })
  return list.join(',') || '<none>'
}

const COLUMNS: Record<string, readonly Column[]> = {
  Namespace: [text('Status', 'status', 'phase'), ageColumn],
  Secret: [text('Type', 'type'), count('Data', 'data'), ageColumn],
  ConfigMap: [count('Data', 'data'), ageColumn],
  ServiceAccount: [count('Secrets', 'secrets'), ageColumn],
  Service: [
    { name: 'Type', type: 'string', cell: (object) => textAt(object, 'spec', 'type') || 'ClusterIP' },
    { name: 'Cluster-IP', type: 'string', cell: (object) => textAt(object, 'spec', 'clusterIP') || 'None' },
    { name: 'External-IP', type: 'string', cell: () => '<none>' },
    { name: 'Port(s)', type: 'string', cell: ports },
    ageColumn,
  ],
  Lease: [text('Holder', 'spec', 'holderIdentity'), ageColumn],
  Event: [
    { name: 'Last Seen', type: 'string', cell: lastSeen },
    text('Type', 'type'),
    text('Reason', 'reason'),
    { name: 'Object', type: 'string', cell: involved },
    { ...text('Subobject', 'involvedObject', 'fieldPath'), priority: 1 },
    { name: 'Source', type: 'string', priority: 1, cell: source },
    { name: 'Message', type: 'string', cell: (object) => textAt(object, 'message').trim() },
    { name: 'First Seen', type: 'string', priority: 1, cell: firstSeen },
    { name: 'Count', type: 'integer', priority: 1, cell: times },
    { ...nameColumn, priority: 1 },
  ],
  CustomResourceDefinition: [
    { name: 'Created At', type: 'date', cell: (object) => object.metadata.creationTimestamp },
  ],
  Pod: [text('Status', 'status', 'phase'), ageColumn],
  ClusterRole: [{ name: 'Created At', type: 'date', cell: (object) => object.metadata.creationTimestamp }],
  Role: [{ name: 'Created At', type: 'date', cell: (object) => object.metadata.creationTimestamp }],
}

export function columnsFor(kind: string): readonly Column[] | undefined {
  return COLUMNS[kind]
}
