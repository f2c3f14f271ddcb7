import { served, typesOfDefinition } from '../crd/types-of.ts'
import type { KubeObject } from '../objects.ts'
import type { Store } from '../store.ts'
import { builtinTypes } from './builtin.ts'
import type { ResourceType } from './types.ts'

/** The types that are served now: the built-in ones, and those of the stored CustomResourceDefinitions. */
export interface Registry {
  find(group: string, version: string, plural: string): ResourceType | undefined
  all(): readonly ResourceType[]
}

const DEFINITIONS = 'customresourcedefinitions.apiextensions.k8s.io'

export function createRegistry(store: Store): Registry {
  // Keyed by the stored object, which is never changed: its types are made once.
  const known = new WeakMap<KubeObject, readonly ResourceType[]>()
  const builtin = new Map(builtinTypes.map((type) => [keyOf(type.group, type.version, type.plural), type]))

  function custom(definition: KubeObject): readonly ResourceType[] {
    const found = known.get(definition)
    if (found !== undefined) return found
    const made = typesOfDefinition(definition)
    known.set(definition, made)
    return made
  }

  return {
    find(group, version, plural) {
      const type = builtin.get(keyOf(group, version, plural))
      if (type !== undefined) return type
      const definition = store.get(DEFINITIONS, `/${plural}.${group}`)
      if (definition === undefined || !served(definition)) return undefined
      return custom(definition).find((candidate) => candidate.version === version)
    },
    all() {
      return [...builtinTypes, ...store.all(DEFINITIONS).filter(served).flatMap(custom)]
    },
  }
}

function keyOf(group: string, version: string, plural: string): string {
  return `${group}/${version}/${plural}`
}
