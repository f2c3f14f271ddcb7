import type { KubeObject } from './port.ts'

/** Who set which field: often longer than the object, and nobody here reads it. Taken off in place, from fresh JSON. */
export function withoutManagedFields<T extends KubeObject>(object: T): T {
  delete (object.metadata as { managedFields?: unknown } | undefined)?.managedFields
  return object
}
