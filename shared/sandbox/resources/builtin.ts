import { builtinShape, serviceShape } from '../apply/shape.ts'
import { configMapRules } from '../kinds/config-map.ts'
import { definitionRules } from '../kinds/definition.ts'
import { eventRules, eventsView, newEventRules } from '../kinds/event.ts'
import { leaseRules } from '../kinds/lease.ts'
import { namespaceRules } from '../kinds/namespace.ts'
import { secretRules } from '../kinds/secret.ts'
import { ageColumn, columnsFor } from './columns.ts'
import type { ResourceType } from './types.ts'

type Given = Pick<ResourceType, 'group' | 'version' | 'plural' | 'kind'> & Partial<ResourceType>

/** The usual built-in type; what differs is given. */
function builtin(given: Given): ResourceType {
  return {
    singular: given.kind.toLowerCase(),
    namespaced: true,
    shortNames: [],
    categories: [],
    collection: given.group === '' ? given.plural : `${given.plural}.${given.group}`,
    subresources: [],
    counted: false,
    strategic: true,
    createOnUpdate: false,
    versionRequired: false,
    returnsDeleted: false,
    nameRule: 'subdomain',
    shape: builtinShape,
    rules: {},
    columns: columnsFor(given.kind) ?? [ageColumn],
    fieldLabels: [],
    fields: ['spec', 'status'],
    ...given,
  }
}

const core = (plural: string, kind: string, given: Partial<ResourceType> = {}) =>
  builtin({ group: '', version: 'v1', plural, kind, ...given })
const rbac = (plural: string, kind: string, namespaced: boolean) =>
  builtin({
    group: 'rbac.authorization.k8s.io',
    version: 'v1',
    plural,
    kind,
    namespaced,
    nameRule: 'path',
    createOnUpdate: true,
    fields: ['rules', 'aggregationRule', 'subjects', 'roleRef'],
  })
const workload = (plural: string, kind: string, shortName: string) =>
  builtin({
    group: 'apps',
    version: 'v1',
    plural,
    kind,
    shortNames: [shortName],
    categories: ['all'],
    subresources: ['status'],
    counted: true,
  })

const EVENT_FIELDS = [
  'involvedObject.kind',
  'involvedObject.namespace',
  'involvedObject.name',
  'involvedObject.uid',
  'involvedObject.apiVersion',
  'involvedObject.resourceVersion',
  'involvedObject.fieldPath',
  'reason',
  'reportingComponent',
  'source',
  'type',
]

const EVENT_CONTENT = [
  'involvedObject',
  'reason',
  'message',
  'source',
  'firstTimestamp',
  'lastTimestamp',
  'count',
  'type',
  'eventTime',
  'series',
  'action',
  'related',
  'reportingComponent',
  'reportingInstance',
]
const NEW_EVENT_CONTENT = [
  'eventTime',
  'series',
  'reportingController',
  'reportingInstance',
  'action',
  'reason',
  'regarding',
  'related',
  'note',
  'type',
  'deprecatedSource',
  'deprecatedFirstTimestamp',
  'deprecatedLastTimestamp',
  'deprecatedCount',
]

/** What is served without any CustomResourceDefinition. Without rules a type is stored as it comes, unchecked. */
export const builtinTypes: readonly ResourceType[] = [
  core('namespaces', 'Namespace', {
    namespaced: false,
    shortNames: ['ns'],
    subresources: ['status'],
    nameRule: 'label',
    returnsDeleted: true,
    rules: namespaceRules,
    fieldLabels: ['status.phase'],
  }),
  core('secrets', 'Secret', {
    rules: secretRules,
    fieldLabels: ['type'],
    fields: ['type', 'data', 'stringData', 'immutable'],
  }),
  core('configmaps', 'ConfigMap', {
    shortNames: ['cm'],
    rules: configMapRules,
    fields: ['data', 'binaryData', 'immutable'],
  }),
  core('serviceaccounts', 'ServiceAccount', {
    shortNames: ['sa'],
    returnsDeleted: true,
    fields: ['secrets', 'imagePullSecrets', 'automountServiceAccountToken'],
  }),
  core('services', 'Service', {
    shortNames: ['svc'],
    categories: ['all'],
    subresources: ['status'],
    nameRule: 'label1035',
    returnsDeleted: true,
    shape: serviceShape,
  }),
  core('endpoints', 'Endpoints', { shortNames: ['ep'], createOnUpdate: true, fields: ['subsets'] }),
  core('pods', 'Pod', {
    shortNames: ['po'],
    categories: ['all'],
    subresources: ['status'],
    returnsDeleted: true,
    fieldLabels: ['spec.nodeName', 'status.phase'],
  }),
  core('nodes', 'Node', { namespaced: false, shortNames: ['no'], subresources: ['status'] }),
  core('persistentvolumeclaims', 'PersistentVolumeClaim', {
    shortNames: ['pvc'],
    subresources: ['status'],
    returnsDeleted: true,
  }),
  core('events', 'Event', {
    shortNames: ['ev'],
    createOnUpdate: true,
    rules: eventRules,
    fields: EVENT_CONTENT,
    fieldLabels: EVENT_FIELDS,
  }),
  builtin({
    group: 'events.k8s.io',
    version: 'v1',
    plural: 'events',
    kind: 'Event',
    collection: 'events',
    shortNames: ['ev'],
    createOnUpdate: true,
    rules: newEventRules,
    fields: NEW_EVENT_CONTENT,
    view: eventsView,
    fieldLabels: [
      'reason',
      'type',
      'regarding.kind',
      'regarding.namespace',
      'regarding.name',
      'regarding.uid',
    ],
  }),
  builtin({
    group: 'coordination.k8s.io',
    version: 'v1',
    plural: 'leases',
    kind: 'Lease',
    createOnUpdate: true,
    rules: leaseRules,
  }),
  workload('deployments', 'Deployment', 'deploy'),
  workload('statefulsets', 'StatefulSet', 'sts'),
  workload('daemonsets', 'DaemonSet', 'ds'),
  workload('replicasets', 'ReplicaSet', 'rs'),
  builtin({
    group: 'batch',
    version: 'v1',
    plural: 'jobs',
    kind: 'Job',
    categories: ['all'],
    subresources: ['status'],
  }),
  builtin({
    group: 'networking.k8s.io',
    version: 'v1',
    plural: 'networkpolicies',
    kind: 'NetworkPolicy',
    shortNames: ['netpol'],
    counted: true,
  }),
  builtin({
    group: 'networking.k8s.io',
    version: 'v1',
    plural: 'ingresses',
    kind: 'Ingress',
    shortNames: ['ing'],
    subresources: ['status'],
    counted: true,
  }),
  builtin({
    group: 'policy',
    version: 'v1',
    plural: 'poddisruptionbudgets',
    kind: 'PodDisruptionBudget',
    shortNames: ['pdb'],
    subresources: ['status'],
    counted: true,
  }),
  builtin({
    group: 'discovery.k8s.io',
    version: 'v1',
    plural: 'endpointslices',
    kind: 'EndpointSlice',
    counted: true,
    fields: ['addressType', 'endpoints', 'ports'],
  }),
  rbac('roles', 'Role', true),
  rbac('rolebindings', 'RoleBinding', true),
  rbac('clusterroles', 'ClusterRole', false),
  rbac('clusterrolebindings', 'ClusterRoleBinding', false),
  builtin({
    group: 'apiextensions.k8s.io',
    version: 'v1',
    plural: 'customresourcedefinitions',
    kind: 'CustomResourceDefinition',
    namespaced: false,
    shortNames: ['crd', 'crds'],
    categories: ['api-extensions'],
    subresources: ['status'],
    counted: true,
    versionRequired: true,
    returnsDeleted: true,
    rules: definitionRules,
  }),
]
