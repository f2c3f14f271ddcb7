/** What a request is, without what it carries. */
interface Observable {
  /** As in rights: get, list, watch, create, patch, delete. */
  verb: string
  /** The plural, with a subresource after a slash; `other` where a path was asked for. */
  resource: string
  method: string
  /** Without the query. */
  path: string
}

/** How it ended: with a status, without an answer, or because nobody wanted it any more. */
export type Ending = number | 'error' | 'cancelled'

export interface Observed {
  /** To send along. */
  headers?: Record<string, string>
  /** Called once: at the end of the answer; of a watch at its beginning. */
  ended(result: Ending): void
}

/** Told of each request that is sent, for whoever counts or traces them. Must not throw. */
export type Observe = (request: Observable) => Observed
