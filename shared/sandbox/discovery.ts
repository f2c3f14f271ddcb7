import { groupVersion } from './objects.ts'
import type { Registry } from './resources/registry.ts'
import type { ResourceType } from './resources/types.ts'

/** https://kubernetes.io/docs/concepts/overview/kubernetes-api/#discovery-api */

const VERBS = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch']
const SUBRESOURCE_VERBS = ['get', 'patch', 'update']
const AGGREGATED = /as=APIGroupDiscoveryList/

export interface Discovered {
  body: object
  contentType: string
}

/** The answer at a path of discovery; undefined for any other path, and for groups that are not served. */
export function discovery(path: string, registry: Registry, accept: string): Discovered | undefined {
  const trimmed = path.replace(/\/+$/, '')
  const types = registry.all()
  if ((trimmed === '/api' || trimmed === '/apis') && AGGREGATED.test(accept)) {
    const version = /v=(v2(?:beta1)?)/.exec(accept)?.[1] ?? 'v2'
    return {
      body: aggregated(
        types.filter((type) => (type.group === '') === (trimmed === '/api')),
        version,
      ),
      contentType: `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`,
    }
  }
  const body = plain(trimmed, types)
  return body === undefined ? undefined : { body, contentType: 'application/json' }
}

function plain(path: string, types: readonly ResourceType[]): object | undefined {
  if (path === '/api') return { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [] }
  if (path === '/apis') {
    return {
      kind: 'APIGroupList',
      apiVersion: 'v1',
      groups: groupsOf(types).map((group) => groupOf(group, types)),
    }
  }
  const [, core, group, version] = /^\/(?:api\/([^/]+)|apis\/([^/]+)(?:\/([^/]+))?)$/.exec(path) ?? []
  if (group !== undefined && version === undefined) {
    return groupsOf(types).includes(group) ? groupOf(group, types, true) : undefined
  }
  const served = types.filter((type) => type.group === (group ?? '') && type.version === (core ?? version))
  if (served.length === 0) return undefined
  return {
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion: groupVersion(group ?? '', core ?? version ?? ''),
    resources: served.flatMap(resourcesOf),
  }
}

function groupsOf(types: readonly ResourceType[]): string[] {
  return [...new Set(types.map(({ group }) => group))].filter((group) => group !== '')
}

function versionsOf(group: string, types: readonly ResourceType[]): string[] {
  return [...new Set(types.filter((type) => type.group === group).map(({ version }) => version))]
}

function groupOf(name: string, types: readonly ResourceType[], alone = false): object {
  const versions = versionsOf(name, types).map((version) => ({
    groupVersion: groupVersion(name, version),
    version,
  }))
  const head = alone ? { kind: 'APIGroup', apiVersion: 'v1' } : {}
  return { ...head, name, versions, preferredVersion: versions[0] }
}

function resourcesOf(type: ResourceType): object[] {
  const { plural, singular, kind, namespaced, shortNames, categories } = type
  const main = {
    name: plural,
    singularName: singular,
    namespaced,
    kind,
    verbs: VERBS,
    ...(shortNames.length === 0 ? {} : { shortNames }),
    ...(categories.length === 0 ? {} : { categories }),
  }
  const below = type.subresources.map((subresource) => {
    return { name: `${plural}/${subresource}`, singularName: '', namespaced, kind, verbs: SUBRESOURCE_VERBS }
  })
  return [main, ...below]
}

/** KEP-3352: all of it in one answer. */
function aggregated(types: readonly ResourceType[], version: string): object {
  const groups = [...new Set(types.map(({ group }) => group))]
  return {
    kind: 'APIGroupDiscoveryList',
    apiVersion: `apidiscovery.k8s.io/${version}`,
    metadata: {},
    items: groups.map((group) => ({
      metadata: { name: group, creationTimestamp: null },
      versions: versionsOf(group, types).map((version) => ({
        version,
        freshness: 'Current',
        resources: types
          .filter((type) => type.group === group && type.version === version)
          .map(aggregatedResource),
      })),
    })),
  }
}

function aggregatedResource(type: ResourceType): object {
  const responseKind = { group: type.group, version: type.version, kind: type.kind }
  return {
    resource: type.plural,
    responseKind,
    scope: type.namespaced ? 'Namespaced' : 'Cluster',
    singularResource: type.singular,
    verbs: VERBS,
    ...(type.shortNames.length === 0 ? {} : { shortNames: type.shortNames }),
    ...(type.categories.length === 0 ? {} : { categories: type.categories }),
    subresources: type.subresources.map((subresource) => {
      return { subresource, responseKind, verbs: SUBRESOURCE_VERBS }
    }),
  }
}
