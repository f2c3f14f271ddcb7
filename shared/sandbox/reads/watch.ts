import type { Call } from '../api.ts'
import type { Encoder } from '../encode/encoder.ts'
import type { StoreEvent } from '../history.ts'
import type { KubeObject } from '../objects.ts'
import { isTrue, type WatchResponse } from '../request.ts'
import { badRequest, expired, type Status } from '../status-errors.ts'
import { type Selection, selectionOf } from './selection.ts'

const MIN_TIMEOUT_S = 1800

/** https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes */
export function watch(call: Call, encoder: Encoder): WatchResponse {
  const { api, type, query } = call
  const selection = selectionOf(call)
  const version = query.get('resourceVersion') ?? ''
  if (!/^\d*$/.test(version)) throw badRequest(`Invalid value: "${version}": must be a resource version`)
  const initial = isTrue(query.get('sendInitialEvents')) || version === '' || version === '0'
  const wantsBookmarks = isTrue(query.get('allowWatchBookmarks'))
  const seconds = Number(query.get('timeoutSeconds') ?? 0)
  const bookmark = (annotations?: Record<string, string>) => {
    return encoder.bookmark(type, String(api.store.revision()), annotations)
  }

  return {
    kind: 'watch',
    contentType: 'application/json',
    timeoutMs: (seconds > 0 ? seconds : MIN_TIMEOUT_S * (1 + Math.random())) * 1000,
    bookmark: () => (wantsBookmarks ? bookmark() : undefined),
    start(send, end) {
      const tell = (event: StoreEvent) => {
        const seen = asSeen(event, selection)
        if (seen !== undefined) send(encoder.event(type, seen.type, seen.object))
      }
      if (initial) {
        for (const object of api.store.all(type.collection)) {
          if (selection(object)) send(encoder.event(type, 'ADDED', object))
        }
        const done = isTrue(query.get('sendInitialEvents')) && wantsBookmarks
        if (done) send(bookmark({ 'k8s.io/initial-events-end': 'true' }))
      } else {
        const missed = api.store.since(type.collection, Number(version))
        if (missed === undefined) {
          send(errorLine(expired(`too old resource version: ${version} (${api.store.oldest()})`).status))
          end()
          return () => undefined
        }
        missed.forEach(tell)
      }
      return api.store.subscribe((collection, event) => {
        if (collection === type.collection) tell(event)
      })
    },
  }
}

/** To a watcher, an object that no longer fits its selection is deleted, and one that begins to is added. */
function asSeen(
  { type, object, previous }: StoreEvent,
  selection: Selection,
): { type: string; object: KubeObject } | undefined {
  const was = previous !== undefined && selection(previous)
  const is = type !== 'DELETED' && selection(object)
  if (was && is) return { type: 'MODIFIED', object }
  if (is) return { type: 'ADDED', object }
  if (!was) return undefined
  if (type === 'DELETED') return { type, object }
  // The state that was last in the selection, at the version that took it out.
  const { resourceVersion = '' } = object.metadata
  return { type: 'DELETED', object: { ...previous, metadata: { ...previous.metadata, resourceVersion } } }
}

function errorLine(object: Status): string {
  return `${JSON.stringify({ type: 'ERROR', object })}\n`
}
