import type { SecretObject } from '../objects.ts'

/** The field manager that the API server gives us: the user agent up to its slash. */
const OURSELVES = 'waxwing-controller'
const MAX_NAME = 64

/**
 * Who made these changes (`data.password`, `labels.app`), as far as the server knows: the field managers that set them
 * last; of a removal nothing is left, and then nobody is named.
 */
export function editorsOf({ metadata }: SecretObject, changed: readonly string[]): string[] {
  const paths = changed.map(pathOf)
  const names = (metadata.managedFields ?? [])
    .filter(({ fieldsV1 }) => paths.some((path) => has(fieldsV1, path)))
    .flatMap(({ manager = '' }) => (manager === '' || manager === OURSELVES ? [] : [printable(manager)]))
  return [...new Set(names)].sort()
}

/** https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/object-meta/ about `fieldsV1`. */
function pathOf(name: string): string[] {
  const dot = name.indexOf('.')
  if (dot < 0) return name === 'ownerReferences' ? ['f:metadata', 'f:ownerReferences'] : [`f:${name}`]
  const [field, key] = [name.slice(0, dot), name.slice(dot + 1)]
  return [...(field === 'data' ? [] : ['f:metadata']), `f:${field}`, `f:${key}`]
}

function has(fields: unknown, path: readonly string[]): boolean {
  let at = fields
  for (const step of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, step)) return false
    at = (at as Record<string, unknown>)[step]
  }
  return true
}

const printable = (manager: string): string => manager.replace(/[^\x20-\x7e]/g, '?').slice(0, MAX_NAME)
