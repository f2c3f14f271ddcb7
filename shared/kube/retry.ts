import { sleep as realSleep } from './abort.ts'
import { ApiError } from './errors.ts'

/**
 * Waits and asks again when the server is too busy to have begun (429 with Retry-After: priority and fairness,
 * https://kubernetes.io/docs/concepts/cluster-administration/flow-control/). Nothing was done, so any call may be repeated.
 * Other refusals are for the caller: only it knows what may be repeated.
 */

export interface RetryTools {
  sleep?: (ms: number, signal?: AbortSignal) => Promise<void>
  random?: () => number
}

const MAX_RETRIES = 4
/** A server that wants more patience than this is a failure to report, not a pause. */
const MAX_WAIT_MS = 10_000

export async function retryThrottled<T>(
  call: () => Promise<T>,
  signal?: AbortSignal,
  { sleep = realSleep, random = Math.random }: RetryTools = {},
): Promise<T> {
  for (let retries = 0; ; retries++) {
    try {
      return await call()
    } catch (error) {
      const waitMs = throttledFor(error)
      if (waitMs === undefined || waitMs > MAX_WAIT_MS || retries === MAX_RETRIES) throw error
      // Up to half as long again, so that those who were refused together do not come back together.
      await sleep(waitMs * (1 + random() / 2), signal)
      signal?.throwIfAborted()
    }
  }
}

function throttledFor(error: unknown): number | undefined {
  return error instanceof ApiError && error.status === 429 ? error.retryAfterMs : undefined
}
