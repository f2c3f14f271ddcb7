import type { RequestInfo } from './request.ts'
import type { Registry } from './resources/registry.ts'
import type { ResourceType } from './resources/types.ts'
import type { Reviewers } from './reviews.ts'
import type { Store } from './store.ts'

/** All that the protocol code works on; the clock comes in from outside. */
export interface Api {
  store: Store
  registry: Registry
  reviewers: Reviewers
  now(): Date
}

/** One request for a resource that is served. */
export interface Call {
  api: Api
  type: ResourceType
  info: RequestInfo
  query: URLSearchParams
  body: Buffer
  contentType: string
  /** Who owns the fields that this request writes. */
  manager: string
  dryRun: boolean
  fieldValidation: 'Strict' | 'Warn' | 'Ignore'
  /** Filled on the way; kubectl prints them. */
  warnings: string[]
}

/** RFC 3339 with seconds, as metadata carries times. */
export function timestamp(date: Date): string {
  return date.toISOString().replace(/\.\d+Z$/, 'Z')
}
