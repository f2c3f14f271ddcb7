import { ApiError, isForbidden, isRetryable } from '../../shared/kube/errors.ts'
import type { SealedObject, Status } from '../objects.ts'
import { conditionOf, type Outcome, statusFor } from './conditions.ts'

/** A failure that lasts less than this many attempts is nobody's business but the log's. */
const WORTH_TELLING = 3

export const isWorthTelling = (attempt: number): boolean => attempt >= WORTH_TELLING

/** The namespace is going and takes its Secrets along: nothing to do, and nothing to retry. */
export const isTerminating = (error: unknown): boolean =>
  isForbidden(error) && error.details.causes.some(({ reason }) => reason === 'NamespaceTerminating')

/** Whether a request has been refused so often, for a reason that does not pass, that its end must not depend on it. */
export const isHopeless = (error: unknown, attempt: number): boolean =>
  isWorthTelling(attempt) && error instanceof ApiError && !isRetryable(error)

/** A failed request as an outcome. Its message names what was asked, the code, and the fields that were refused. */
function failure(error: unknown): Outcome {
  return { kind: 'retrying', reason: reasonFor(error), message: wordsOf(error) }
}

function reasonFor(error: unknown): string {
  if (!(error instanceof ApiError)) return 'RequestFailed'
  if (error.status === 403) return 'Forbidden'
  if (error.status === 422) return 'SecretRefused'
  return 'RequestFailed'
}

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : 'unknown error')

/** The status to write for a failure: once, when it has repeated, and then not again though its words may vary. */
export function failureStatus(
  { metadata, status }: SealedObject,
  error: unknown,
  attempt: number,
  now: string,
): Status | undefined {
  if (!isWorthTelling(attempt)) return undefined
  const outcome = failure(error)
  const generation = metadata.generation ?? 0
  const told = conditionOf(status, 'Reconciling')
  if (
    outcome.kind === 'retrying' &&
    told?.reason === outcome.reason &&
    told.observedGeneration === generation
  )
    return undefined
  return statusFor(outcome, generation, status, now)
}
