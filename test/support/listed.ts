import type { WatchEvent } from '../../shared/kube/port.ts'

/** What a list tells of these objects. */
export async function* listed<T>(
  items: readonly T[],
  resourceVersion: string,
): AsyncGenerator<WatchEvent<T>> {
  for (const object of items) yield { type: 'ADDED', object }
  yield { type: 'BOOKMARK', resourceVersion, listed: true }
}
