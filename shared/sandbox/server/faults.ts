import type { RequestInfo, Verb } from '../request.ts'
import { failure, type Status } from '../status-errors.ts'

/** A request that goes wrong on purpose. What `match` leaves out fits anything. */
export interface Fault {
  match: {
    verb?: Verb
    resource?: string
    name?: string
    namespace?: string
    /** '' for the object itself. */
    subresource?: string
  }
  /** How many requests it hits; without it, all. */
  times?: number
  /** Wait first. */
  delayMs?: number
  /** Answer with this refusal. */
  status?: number
  /** With 429 and 503: the seconds of Retry-After. */
  retryAfter?: number
  /** Reset the connection instead of answering. */
  closeConnection?: boolean
  /** Let a watch begin, and reset it after that many events (true: at once). */
  cutWatch?: boolean | { afterEvents: number }
  /** Do the write first. Without `status` the connection is then reset: the client cannot know. */
  after?: 'write'
}

export interface Faults {
  /** The first fault added that fits is the one that happens. Returns the function that takes it away. */
  add(fault: Fault): () => void
  clear(): void
  /** The fault for a request; one of its times is used up. */
  take(info: RequestInfo | undefined): Fault | undefined
}

export function createFaults(): Faults {
  const faults = new Map<Fault, number>()
  return {
    add(fault) {
      faults.set(fault, fault.times ?? Number.POSITIVE_INFINITY)
      return () => faults.delete(fault)
    },
    clear: () => faults.clear(),
    take(info) {
      if (info === undefined) return undefined
      for (const [fault, left] of faults) {
        if (left <= 0 || !fits(fault.match, info)) continue
        faults.set(fault, left - 1)
        return fault
      }
      return undefined
    },
  }
}

function fits(match: Fault['match'], info: RequestInfo): boolean {
  return (['verb', 'resource', 'name', 'namespace', 'subresource'] as const).every((field) => {
    return match[field] === undefined || match[field] === info[field]
  })
}

const REFUSALS: Record<number, readonly [reason: string, message: string]> = {
  403: ['Forbidden', 'forbidden: injected'],
  409: ['Conflict', 'Operation cannot be fulfilled: injected'],
  410: ['Expired', 'too old resource version: injected'],
  429: ['TooManyRequests', 'the server has received too many requests and has asked us to try again later'],
  500: ['InternalError', 'Internal error occurred: injected'],
  503: ['ServiceUnavailable', 'the server is currently unable to handle the request'],
  504: ['Timeout', 'Timeout: injected'],
}

export function refusalOf(status: number, retryAfter: number | undefined): Status {
  const [reason, message] = REFUSALS[status] ?? ['Unknown', 'injected']
  return failure(status, reason, message, retryAfter === undefined ? {} : { retryAfterSeconds: retryAfter })
}
