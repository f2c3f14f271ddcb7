import type { Condition, SealedObject, SecretRef, Status } from '../objects.ts'

/**
 * What became of an object. `stalled`: nothing will change until somebody does something; `retrying`: we are at it.
 * Tools read this by kstatus' rules: https://github.com/kubernetes-sigs/cli-utils/blob/master/pkg/kstatus/README.md
 */
export type Outcome =
  | { kind: 'synced'; secret: SecretRef }
  | { kind: 'stalled'; reason: string; message: string }
  | { kind: 'retrying'; reason: string; message: string }

const SYNCED = { reason: 'Synced', message: 'The Secret holds what was sealed.' }
/** Room enough for words, and a bound on what one object can make us write. */
const MAX_MESSAGE = 1024

/**
 * The whole status for an outcome. A condition whose `status` is what it was keeps its time, so an unchanged outcome gives
 * an equal status. After a failure `secret` stays what was last written, because the last good Secret stays as well.
 */
export function statusFor(
  outcome: Outcome,
  generation: number,
  before: Status | undefined,
  now: string,
): Status {
  const conditions = conditionsOf(outcome).map(({ type, status, reason, message }): Condition => {
    const old = before?.conditions?.find((condition) => condition.type === type)
    const lastTransitionTime = old?.status === status ? old.lastTransitionTime : now
    return { type, status, observedGeneration: generation, lastTransitionTime, reason, message }
  })
  const secret = outcome.kind === 'synced' ? outcome.secret : before?.secret
  return { observedGeneration: generation, conditions, ...(secret && { secret }) }
}

type Claim = Pick<Condition, 'type' | 'status' | 'reason' | 'message'>

function conditionsOf(outcome: Outcome): Claim[] {
  const { reason, message } = outcome.kind === 'synced' ? SYNCED : outcome
  const words = { reason, message: shorten(message) }
  switch (outcome.kind) {
    case 'synced':
      return [
        { type: 'Ready', status: 'True', ...words },
        { type: 'Synced', status: 'True', ...words },
      ]
    case 'stalled':
      return [
        { type: 'Ready', status: 'False', ...words },
        { type: 'Synced', status: 'False', ...words },
        { type: 'Stalled', status: 'True', ...words },
      ]
    case 'retrying':
      return [
        { type: 'Ready', status: 'False', ...words },
        { type: 'Synced', status: 'False', ...words },
        { type: 'Reconciling', status: 'True', ...words },
      ]
  }
}

const shorten = (text: string): string =>
  text.length <= MAX_MESSAGE ? text : `${text.slice(0, MAX_MESSAGE - 1)}…`

export const conditionOf = (status: Status | undefined, type: string): Condition | undefined =>
  status?.conditions?.find((condition) => condition.type === type)

/** Whether this generation was Ready: then only what others did to its Secret can be amiss. */
export const wasReady = ({ metadata, status }: SealedObject): boolean =>
  status?.observedGeneration === metadata.generation && conditionOf(status, 'Ready')?.status === 'True'

/** Whether writing `b` over `a` would change nothing. */
export function sameStatus(a: Status | undefined, b: Status): boolean {
  if (!a || a.observedGeneration !== b.observedGeneration) return false
  if (a.secret?.uid !== b.secret?.uid || a.secret?.resourceVersion !== b.secret?.resourceVersion) return false
  const old = a.conditions ?? []
  const next = b.conditions ?? []
  return (
    old.length === next.length &&
    next.every((condition) => sameCondition(conditionOf(a, condition.type), condition))
  )
}

const FIELDS = ['status', 'observedGeneration', 'lastTransitionTime', 'reason', 'message'] as const

const sameCondition = (a: Condition | undefined, b: Condition): boolean =>
  a !== undefined && FIELDS.every((field) => a[field] === b[field])

/** The rules that every status of ours keeps; what is broken, in words. Tests run it over every row of `decide`. */
export function brokenRules(status: Status): string[] {
  const broken: string[] = []
  const holds = (type: string) => conditionOf(status, type)?.status === 'True'
  const types = (status.conditions ?? []).map(({ type }) => type)
  if (new Set(types).size !== types.length) broken.push('a condition stands twice')
  if (!conditionOf(status, 'Ready') || !conditionOf(status, 'Synced'))
    broken.push('Ready or Synced is missing')
  if (holds('Reconciling') && holds('Stalled')) broken.push('Reconciling and Stalled together')
  if (holds('Ready') && (types.includes('Reconciling') || types.includes('Stalled')))
    broken.push('Ready beside Reconciling or Stalled')
  if (!holds('Ready') && !holds('Reconciling') && !holds('Stalled'))
    broken.push('not Ready, and nothing says why')
  if (holds('Ready') !== holds('Synced')) broken.push('Ready without Synced, or Synced without Ready')
  for (const { type, reason, observedGeneration, status: value } of status.conditions ?? []) {
    if (observedGeneration !== status.observedGeneration) broken.push(`${type} speaks of another generation`)
    if (!/^[A-Z][A-Za-z0-9]*$/.test(reason)) broken.push(`${type} has a reason that is no CamelCase word`)
    if ((type === 'Reconciling' || type === 'Stalled') && value !== 'True')
      broken.push(`${type} is there without being true`)
  }
  return broken
}
