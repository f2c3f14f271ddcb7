import { deleteOrMark, dropFinalizer } from '../deletion.ts'
import { textAt } from '../json.ts'
import { DEFINITION_FINALIZER } from '../kinds/definition.ts'
import { type KubeObject, keyOf } from '../objects.ts'
import type { Store } from '../store.ts'

/** What goes only when it is empty: namespaces, and definitions of custom resources. */

const NAMESPACES = 'namespaces'
const DEFINITIONS = 'customresourcedefinitions.apiextensions.k8s.io'

/** https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/ */
export function emptyNamespaces(store: Store, at: string): void {
  for (const namespace of leaving(store, NAMESPACES)) {
    const within = (object: KubeObject) => object.metadata.namespace === namespace.metadata.name
    const collections = [...store.collections()]
    const left = collections.filter((collection) => empty(store, collection, within, at))
    if (left.length === 0) store.remove(NAMESPACES, keyOf(namespace))
  }
}

export function emptyDefinitions(store: Store, at: string): void {
  for (const definition of leaving(store, DEFINITIONS)) {
    if (!definition.metadata.finalizers?.includes(DEFINITION_FINALIZER)) continue
    const collection = `${textAt(definition, 'spec', 'names', 'plural')}.${textAt(definition, 'spec', 'group')}`
    if (!empty(store, collection, () => true, at)) {
      dropFinalizer(store, DEFINITIONS, definition, DEFINITION_FINALIZER)
    }
  }
}

function leaving(store: Store, collection: string): KubeObject[] {
  return store.all(collection).filter(({ metadata }) => metadata.deletionTimestamp !== undefined)
}

/** Deletes what fits; true when something is held by its finalizers. */
function empty(store: Store, collection: string, fits: (object: KubeObject) => boolean, at: string): boolean {
  const objects = store.all(collection).filter(fits)
  return objects
    .map((object) => deleteOrMark(store, collection, object, { at }))
    .some((left) => left !== undefined)
}
