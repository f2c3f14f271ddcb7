import type { Query } from './paths.ts'
import type { Selection } from './port.ts'

/** A selection as the query and the Accept header that ask for it. */

export function selectionQuery({ labelSelector, fieldSelector }: Selection): Query {
  return { labelSelector, fieldSelector }
}

/**
 * https://kubernetes.io/docs/reference/using-api/api-concepts/#metadata-only-fetches. Nothing else is accepted: a server
 * that cannot do it must say so (406), not send every Secret whole.
 */
export function acceptFor({ metadataOnly = false }: Selection, kind: '' | 'List'): string {
  return metadataOnly
    ? `application/json;as=PartialObjectMetadata${kind};g=meta.k8s.io;v=v1`
    : 'application/json'
}
