import type { KubeObject, ObjectId } from './port.ts'

/** Which objects exist at which version: what a new list is compared with. Keeps no object, so memory stays small. */
export interface Known {
  /** False if this very version was known already. */
  add(object: KubeObject): boolean
  /** False if it was not known. */
  remove(object: KubeObject): boolean
  /** Forgets what is not among these keys, and says what that was. */
  retain(present: ReadonlySet<string>): Generator<ObjectId>
}

export function createKnown(): Known {
  const versions = new Map<string, string | undefined>()
  return {
    add(object) {
      const key = keyOf(object)
      const { resourceVersion } = object.metadata
      if (versions.has(key) && versions.get(key) === resourceVersion) return false
      versions.set(key, resourceVersion)
      return true
    },
    remove: (object) => versions.delete(keyOf(object)),
    *retain(present) {
      for (const key of versions.keys()) {
        if (present.has(key)) continue
        versions.delete(key)
        yield idOf(key)
      }
    },
  }
}

/** Names hold no slash, so the first one divides. */
export function keyOf({ metadata }: KubeObject): string {
  return `${metadata.namespace ?? ''}/${metadata.name}`
}

function idOf(key: string): ObjectId {
  const [namespace = '', name = ''] = key.split('/')
  return namespace === '' ? { name } : { namespace, name }
}
