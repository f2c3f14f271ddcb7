import { type Api, timestamp } from '../api.ts'
import { emptyDefinitions, emptyNamespaces } from './emptying.ts'
import { createGarbage } from './garbage.ts'

/**
 * What a cluster's controller manager does beside the API server, as far as it is needed here. It runs shortly after the
 * write that calls for it, not within it, so that clients see the states in between. Returns the function that ends it.
 */
export function runBackground({ store, now }: Pick<Api, 'store' | 'now'>): () => void {
  const garbage = createGarbage(store)
  let scheduled: NodeJS.Immediate | undefined

  const unsubscribe = store.subscribe((collection, event) => {
    garbage.notice(collection, event)
    scheduled ??= setImmediate(() => {
      scheduled = undefined
      const at = timestamp(now())
      garbage.sweep(at)
      emptyNamespaces(store, at)
      emptyDefinitions(store, at)
    })
  })
  return () => {
    unsubscribe()
    clearImmediate(scheduled)
  }
}
