import { groupVersion } from './objects.ts'
import type { Registry } from './resources/registry.ts'
import type { ResourceType } from './resources/types.ts'

/**
 * As much of OpenAPI v3 as kubectl wants before it applies: that PATCH takes `fieldValidation`, so that the server is
 * left to validate; and the schemas of custom resources, for `kubectl explain`. That no strategic merge patch is
 * announced makes kubectl compute it from the types that it was built with.
 * https://kubernetes.io/docs/concepts/overview/kubernetes-api/#openapi-v3
 */
export function openApi(path: string, registry: Registry): object | undefined {
  const types = registry.all()
  if (path === '/openapi/v3') {
    const paths = [...new Set(types.map(documentOf))]
    const entries = paths.map((one) => [one, { serverRelativeURL: `/openapi/v3/${one}` }])
    return { paths: Object.fromEntries(entries) }
  }
  const document = /^\/openapi\/v3\/(.+)$/.exec(path)?.[1]
  const described = types.filter((type) => documentOf(type) === document)
  return described.length === 0 ? undefined : describe(described)
}

function documentOf({ group, version }: ResourceType): string {
  return group === '' ? `api/${version}` : `apis/${groupVersion(group, version)}`
}

function describe(types: readonly ResourceType[]): object {
  return {
    openapi: '3.0.0',
    info: { title: 'Kubernetes', version: 'sandbox' },
    paths: Object.fromEntries(types.map((type) => [pathOf(type), operations(type)])),
    components: { schemas: Object.fromEntries(types.map((type) => [nameOf(type), schemaOf(type)])) },
  }
}

function pathOf(type: ResourceType): string {
  const scope = type.namespaced ? '/namespaces/{namespace}' : ''
  return `/${documentOf(type)}${scope}/${type.plural}/{name}`
}

function gvk({ group, version, kind }: ResourceType): object {
  return { group, version, kind }
}

function nameOf({ group, version, kind }: ResourceType): string {
  return [...group.split('.').reverse(), version, kind].filter((part) => part !== '').join('.')
}

function operations(type: ResourceType): object {
  const parameters = ['dryRun', 'fieldManager', 'fieldValidation', 'force'].map((name) => {
    return { name, in: 'query', schema: { type: name === 'force' ? 'boolean' : 'string', uniqueItems: true } }
  })
  const schema = { $ref: `#/components/schemas/${nameOf(type)}` }
  const responses = { 200: { description: 'OK', content: { 'application/json': { schema } } } }
  const common = { responses, 'x-kubernetes-group-version-kind': gvk(type) }
  const content = { 'application/merge-patch+json': { schema: { type: 'object' } } }
  return {
    get: { 'x-kubernetes-action': 'get', ...common },
    patch: { 'x-kubernetes-action': 'patch', parameters, requestBody: { content }, ...common },
  }
}

function schemaOf(type: ResourceType): object {
  const schema = type.schema ?? { type: 'object', 'x-kubernetes-preserve-unknown-fields': true }
  return { ...schema, 'x-kubernetes-group-version-kind': [gvk(type)] }
}
