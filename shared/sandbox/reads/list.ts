import type { Call } from '../api.ts'
import type { KubeObject } from '../objects.ts'
import { badRequest, expired, StatusError } from '../status-errors.ts'
import { type Continuation, readContinue, writeContinue } from './continue.ts'
import { selected, selectionOf } from './selection.ts'

export interface Page {
  items: readonly KubeObject[]
  resourceVersion: string
  continue?: string
  remainingItemCount?: number
}

/** One page of a collection, all pages from one state: https://kubernetes.io/docs/reference/using-api/api-concepts/#retrieving-large-results-sets-in-chunks */
export function list(call: Call): Page {
  const { api, type, query } = call
  const token = query.get('continue') ?? ''
  const from = token === '' ? undefined : readContinue(token)
  const revision = from?.revision ?? exactVersion(call) ?? api.store.revision()
  const objects = api.store.at(type.collection, revision)
  if (objects === undefined) throw tooOld(call, revision, from)
  const matching = selected(objects, selectionOf(call))
  const rest = from === undefined ? matching : matching.filter((object) => placeOf(object) > from.after)
  const limit = Number(query.get('limit') ?? 0)
  const page = { resourceVersion: String(revision) }
  if (!(limit > 0) || rest.length <= limit) return { ...page, items: rest }
  const items = rest.slice(0, limit)
  const last = items.at(-1)
  const filtered = query.get('labelSelector') || query.get('fieldSelector')
  return {
    ...page,
    items,
    continue: writeContinue({ revision, after: last === undefined ? '' : placeOf(last) }),
    // With a selector the real server cannot tell.
    ...(filtered ? {} : { remainingItemCount: rest.length - limit }),
  }
}

function placeOf({ metadata: { namespace = '', name } }: KubeObject): string {
  return `${namespace}/${name}`
}

/** https://kubernetes.io/docs/reference/using-api/api-concepts/#semantics-for-get-and-list */
function exactVersion({ api, query }: Call): number | undefined {
  const text = query.get('resourceVersion') ?? ''
  const match = query.get('resourceVersionMatch') ?? ''
  if (text === '' || text === '0') return undefined
  if (!/^\d+$/.test(text)) throw badRequest(`Invalid value: "${text}": must be a resource version`)
  const wanted = Number(text)
  if (wanted > api.store.revision()) throw tooNew(wanted, api.store.revision())
  return match === 'Exact' ? wanted : undefined
}

function tooNew(wanted: number, current: number): StatusError {
  const message = `Timeout: Too large resource version: ${wanted}, current: ${current}`
  return new StatusError(504, 'Timeout', message, {
    causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
    retryAfterSeconds: 1,
  })
}

function tooOld({ api }: Call, revision: number, from: Continuation | undefined): StatusError {
  if (from === undefined) return expired(`The resourceVersion for the provided list is too old: ${revision}.`)
  const error = expired(
    'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.',
  )
  error.status.metadata.continue = writeContinue({ ...from, revision: api.store.revision() })
  return error
}
