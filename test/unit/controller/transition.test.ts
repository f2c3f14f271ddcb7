import { describe, expect, test } from 'vitest'
import type { Status } from '../../../controller/objects.ts'
import { type Outcome, statusFor } from '../../../controller/reconcile/conditions.ts'
import type { Plan } from '../../../controller/reconcile/decide.ts'
import { adoptionNote, driftNote, transition } from '../../../controller/reconcile/transition.ts'
import { NOW, SECRET_REF, syncedStatus, THEN } from './builders.ts'

const next = (outcome: Outcome, before?: Status) => statusFor(outcome, 2, before, NOW)
const failed = (reason: string, message = 'm', kind: 'stalled' | 'retrying' = 'stalled') =>
  statusFor({ kind, reason, message }, 2, undefined, THEN)
const success: Outcome = { kind: 'synced', secret: SECRET_REF }

describe('an Event is told', () => {
  test.each<[string, Status | undefined, Status, string | undefined]>([
    ['not of a first success', undefined, next(success), undefined],
    ['not of a first success under the default status', { observedGeneration: -1 }, next(success), undefined],
    ['not of a further success', syncedStatus(1), next(success), undefined],
    ['of a first failure', undefined, failed('Tampered'), 'Warning Tampered'],
    ['of a failure after a success', syncedStatus(1), failed('NoKey'), 'Warning NoKey'],
    ['not of the same failure', failed('NoKey'), failed('NoKey'), undefined],
    ['of another failure', failed('NoKey'), failed('Moved'), 'Warning Moved'],
    ['of the same failure in other words', failed('NoKey'), failed('NoKey', 'other'), 'Warning NoKey'],
    ['of a recovery', failed('NoKey'), next(success), 'Normal Recovered'],
    [
      'of a recovery from failed requests',
      failed('RequestFailed', 'm', 'retrying'),
      next(success),
      'Normal Recovered',
    ],
    ['of a foreign Secret', undefined, failed('SecretNotOwned'), 'Warning SecretNotOwned'],
    ['not of a state that passes', undefined, failed('SecretOfFormerObject', 'm', 'retrying'), undefined],
    ['not of its end', failed('SecretOfFormerObject', 'm', 'retrying'), next(success), undefined],
  ])('%s', (_what, before, reached, expected) => {
    const note = transition(before, reached)
    expect(note && `${note.type} ${note.reason}`).toBe(expected)
  })
})

describe('drift', () => {
  const patch = (changed: string[]): Plan => ({
    row: 'differs',
    act: 'patch',
    patch: {},
    changed,
    more: false,
  })
  const secret = { metadata: { name: 'db' } }

  test('is told by the names of what was put back', () => {
    const note = driftNote(patch(['data.user', 'labels.app']), syncedStatus(2), 2, [])
    expect(note).toMatchObject({
      reason: 'DriftCorrected',
      note: 'Put back in the Secret: data.user, labels.app.',
    })
  })

  test('is told with those who did it, where they are known', () => {
    const note = driftNote(patch(['data.user']), syncedStatus(2), 2, ['kubectl-edit', 'operator'])
    expect(note?.note).toBe('Put back in the Secret: data.user. Changed by kubectl-edit, operator.')
  })

  test('is not what was adopted', () => {
    const adopt: Plan = { row: 'adopt', act: 'patch', patch: {}, changed: ['data.a'], more: false }
    expect(driftNote(adopt, syncedStatus(2), 2, [])).toBeUndefined()
    expect(adoptionNote(adopt)?.reason).toBe('SecretAdopted')
    expect(adoptionNote(patch(['data.a']))).toBeUndefined()
  })

  test('of many names tells some', () => {
    const names = Array.from({ length: 12 }, (_, i) => `data.k${i}`)
    expect(driftNote(patch(names), syncedStatus(2), 2, [])?.note).toMatch(/data\.k9 and 2 more\.$/)
  })

  test('of a deleted Secret', () => {
    expect(driftNote({ row: 'absent', act: 'create', secret }, syncedStatus(2), 2, [])?.reason).toBe(
      'SecretRecreated',
    )
  })

  test('is neither a new generation nor a first sync nor a recovery', () => {
    expect(driftNote(patch(['data.a']), syncedStatus(1), 2, [])).toBeUndefined()
    expect(driftNote({ row: 'absent', act: 'create', secret }, undefined, 2, [])).toBeUndefined()
    expect(driftNote(patch(['data.a']), failed('NoKey'), 2, [])).toBeUndefined()
    expect(driftNote({ row: 'equal', act: 'nothing', retry: false }, syncedStatus(2), 2, [])).toBeUndefined()
  })
})
