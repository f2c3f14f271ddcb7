import type { Call } from '../api.ts'
import { parseBody, requireDoc } from '../body.ts'
import type { CustomSchema } from '../crd/custom-schema.ts'
import { prune } from '../crd/prune.ts'
import { isDoc } from '../json.ts'
import { cleanMetadata, metadataTypeFault } from '../metadata.ts'
import { groupVersion, type KubeObject } from '../objects.ts'
import type { ResourceType } from '../resources/types.ts'
import { badRequest } from '../status-errors.ts'

/** The object of a POST or PUT body. */
export function readObject(call: Call): KubeObject {
  const { value, duplicates } = parseBody(call.body, call.contentType)
  return toObject(call, requireDoc(value), duplicates)
}

/**
 * Checks what decoding checks, before anything else: kind and version, types, and, as the request wants it, fields that
 * nobody knows. https://kubernetes.io/docs/reference/using-api/api-concepts/#field-validation
 */
export function toObject(
  call: Call,
  doc: Record<string, unknown>,
  duplicates: readonly string[],
): KubeObject {
  const { type } = call
  const wanted = groupVersion(type.group, type.version)
  const { apiVersion = '', kind = '' } = doc
  if (type.schema !== undefined && kind === '') {
    throw badRequest(
      `the object provided is unrecognized (must be of type ${type.kind}): Object 'Kind' is missing`,
    )
  }
  if (apiVersion !== '' && apiVersion !== wanted) {
    throw badRequest(
      `the API version in the data (${apiVersion}) does not match the expected API version (${wanted})`,
    )
  }
  if (kind !== '' && kind !== type.kind) {
    throw badRequest(
      `${kind} in version "${type.version}" cannot be handled as a ${type.kind}: no kind "${kind}"`,
    )
  }
  const cleaned = cleanMetadata(doc.metadata)
  const fault = metadataTypeFault(cleaned.metadata)
  if (fault !== undefined || (doc.metadata !== undefined && doc.metadata !== null && !isDoc(doc.metadata))) {
    throw cannotBeHandled(
      call,
      `json: cannot unmarshal into Go struct field ${fault ?? 'ObjectMeta.metadata'}`,
    )
  }
  const object = {
    ...withoutNulls(call, doc),
    apiVersion: wanted,
    kind: type.kind,
    metadata: cleaned.metadata,
  }
  const { object: pruned, unknown } = prune(object, type.schema ?? schemaOf(type))
  complain(call, [
    ...duplicates.map((field) => `duplicate field "${field}"`),
    ...cleaned.unknown.concat(unknown).map((field) => `unknown field "${field}"`),
  ])
  type.rules.decode?.(pruned)
  return pruned
}

/** Built-in types are known by their outermost fields only. */
function schemaOf({ fields }: ResourceType): CustomSchema {
  const any: CustomSchema = { 'x-kubernetes-preserve-unknown-fields': true }
  return { properties: Object.fromEntries(fields.map((field) => [field, any])) }
}

/** In a built-in type a null is the same as nothing. */
function withoutNulls({ type }: Call, doc: Record<string, unknown>): Record<string, unknown> {
  if (type.schema !== undefined) return doc
  return Object.fromEntries(Object.entries(doc).filter(([, value]) => value !== null))
}

function complain(call: Call, complaints: readonly string[]): void {
  if (complaints.length === 0 || call.fieldValidation === 'Ignore') return
  if (call.fieldValidation === 'Strict')
    throw cannotBeHandled(call, `strict decoding error: ${complaints.join(', ')}`)
  call.warnings.push(...complaints)
}

function cannotBeHandled({ type: { kind, version } }: Call, why: string) {
  return badRequest(`${kind} in version "${version}" cannot be handled as a ${kind}: ${why}`)
}
