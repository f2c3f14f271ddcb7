import type { Status } from '../objects.ts'
import { conditionOf } from './conditions.ts'
import type { Plan } from './decide.ts'

/** An Event to be: words for people, never a value. */
export interface Note {
  type: 'Normal' | 'Warning'
  /** CamelCase. */
  reason: string
  action: string
  note: string
}

/** States on the way, over before anybody could look. */
const PASSING = new Set(['SecretOfFormerObject', 'SecretBeingDeleted'])

export const isPassing = (reason: string): boolean => PASSING.has(reason)

/**
 * The Event of a change of status: a failure that is new or another one than before, and a recovery. None for a first
 * success, which would be one more write for each object; the condition says it.
 */
export function transition(before: Status | undefined, after: Status): Note | undefined {
  const old = conditionOf(before, 'Ready')
  const ready = conditionOf(after, 'Ready')
  if (!ready) return undefined
  if (ready.status === 'True') {
    if (old?.status !== 'False' || isPassing(old.reason)) return undefined
    return { type: 'Normal', reason: 'Recovered', action: 'Sync', note: `Ready again after ${old.reason}.` }
  }
  const known = old?.status === 'False' && old.reason === ready.reason && old.message === ready.message
  if (known || isPassing(ready.reason)) return undefined
  return { type: 'Warning', reason: ready.reason, action: 'Sync', note: ready.message }
}

/** The Event of taking over a Secret. */
export const adoptionNote = ({ row }: Plan): Note | undefined =>
  row === 'adopt'
    ? {
        type: 'Normal',
        reason: 'SecretAdopted',
        action: 'Adopt',
        note: 'Took over the Secret of this name, whose annotation asks for it.',
      }
    : undefined

/** Whether a plan puts back what somebody changed: the object had been ready, and in this generation. */
export function isDrift({ act, row }: Plan, before: Status | undefined, generation: number): boolean {
  if (before?.observedGeneration !== generation || conditionOf(before, 'Ready')?.status !== 'True')
    return false
  return row !== 'adopt' && (act === 'create' || act === 'patch' || act === 'replace')
}

/** The Event of that. `editors` are the field managers that did it, as far as they are known. */
export function driftNote(
  plan: Plan,
  before: Status | undefined,
  generation: number,
  editors: readonly string[],
): Note | undefined {
  if (!isDrift(plan, before, generation)) return undefined
  const did = { type: 'Normal', action: 'Correct' } as const
  switch (plan.act) {
    case 'create':
      return { ...did, reason: 'SecretRecreated', note: 'The Secret had been deleted; it is there again.' }
    case 'patch':
    case 'replace': {
      const by = editors.length > 0 ? ` Changed by ${namesOf(editors)}.` : ''
      return {
        ...did,
        reason: 'DriftCorrected',
        note: `Put back in the Secret: ${namesOf(plan.changed)}.${by}`,
      }
    }
    default:
      return undefined
  }
}

const SHOWN = 10

function namesOf(changed: readonly string[]): string {
  if (changed.length === 0) return 'its record of what the template set'
  const more = changed.length > SHOWN ? ` and ${changed.length - SHOWN} more` : ''
  return changed.slice(0, SHOWN).join(', ') + more
}
