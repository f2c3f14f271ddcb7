import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Status } from '../../../controller/objects.ts'
import {
  brokenRules,
  conditionOf,
  type Outcome,
  sameStatus,
  statusFor,
} from '../../../controller/reconcile/conditions.ts'
import { reasonOf } from '../../../controller/reconcile/refusal.ts'
import { CODES, type Code } from '../../../shared/codes.ts'
import { NOW, SECRET_REF, syncedStatus, THEN } from './builders.ts'

const outcomes: fc.Arbitrary<Outcome> = fc.oneof(
  fc.record({
    kind: fc.constant('synced' as const),
    secret: fc.record({ uid: fc.uuid(), resourceVersion: fc.nat().map(String) }),
  }),
  fc.record({
    kind: fc.constantFrom('stalled' as const, 'retrying' as const),
    reason: fc.constantFrom(...(Object.keys(CODES) as Code[]).map(reasonOf), 'SecretNotOwned'),
    message: fc.string({ maxLength: 3000 }),
  }),
)
const history = fc.array(fc.tuple(outcomes, fc.nat(5)), { minLength: 1, maxLength: 6 })
const time = (i: number) => new Date(i * 1000).toISOString().replace('.000Z', 'Z')

function play(steps: readonly (readonly [Outcome, number])[]): Status[] {
  const seen: Status[] = []
  for (const [i, [outcome, generation]] of steps.entries())
    seen.push(statusFor(outcome, generation, seen.at(-1), time(i)))
  return seen
}

describe('the status of an outcome, after any others,', () => {
  test('keeps every rule', () => {
    fc.assert(
      fc.property(history, (steps) => play(steps).every((status) => brokenRules(status).length === 0)),
    )
  })

  test('is the same again for the same outcome, whenever', () => {
    fc.assert(
      fc.property(history, ([...steps]) => {
        const last = steps.at(-1)
        if (!last) return
        const [once, twice] = play([...steps, last]).slice(-2)
        expect(twice).toEqual(once)
        expect(once && twice && sameStatus(once, twice)).toBe(true)
      }),
    )
  })

  test('differs in the eyes of sameStatus when anything in it does', () => {
    fc.assert(
      fc.property(outcomes, outcomes, (a, b) => {
        const [one, two] = [statusFor(a, 1, undefined, THEN), statusFor(b, 1, undefined, THEN)]
        expect(sameStatus(one, two)).toBe(JSON.stringify(one) === JSON.stringify(two))
      }),
    )
  })

  test('moves a time only with the condition that it belongs to', () => {
    fc.assert(
      fc.property(history, (steps) => {
        const seen = play(steps)
        for (const [i, status] of seen.entries())
          for (const { type, status: value, lastTransitionTime } of status.conditions ?? []) {
            const old = conditionOf(seen[i - 1], type)
            expect(lastTransitionTime).toBe(old?.status === value ? old.lastTransitionTime : time(i))
          }
      }),
    )
  })
})

describe('a status', () => {
  test('of a success', () => {
    expect(statusFor({ kind: 'synced', secret: SECRET_REF }, 3, undefined, NOW)).toEqual({
      observedGeneration: 3,
      conditions: ['Ready', 'Synced'].map((type) => ({
        type,
        status: 'True',
        observedGeneration: 3,
        lastTransitionTime: NOW,
        reason: 'Synced',
        message: 'The Secret holds what was sealed.',
      })),
      secret: SECRET_REF,
    })
  })

  test('of a failure after it keeps the Secret and gives every changed condition a new time', () => {
    const status = statusFor({ kind: 'stalled', reason: 'Moved', message: 'm' }, 3, syncedStatus(2), NOW)
    expect(status.secret).toEqual(SECRET_REF)
    expect(
      status.conditions?.map(({ type, status: value, lastTransitionTime }) => [
        type,
        value,
        lastTransitionTime,
      ]),
    ).toEqual([
      ['Ready', 'False', NOW],
      ['Synced', 'False', NOW],
      ['Stalled', 'True', NOW],
    ])
  })

  test('has no message without end', () => {
    const status = statusFor(
      { kind: 'stalled', reason: 'Moved', message: 'm'.repeat(9999) },
      3,
      undefined,
      NOW,
    )
    expect(conditionOf(status, 'Ready')?.message).toHaveLength(1024)
  })

  test('that breaks rules is told so', () => {
    const wrong = (change: (status: Status) => void) => {
      const status = structuredClone(syncedStatus())
      change(status)
      return brokenRules(status)
    }
    const also = (type: string, status: 'True' | 'False' = 'True') => ({
      ...(syncedStatus().conditions?.[0] ?? {
        reason: '',
        message: '',
        lastTransitionTime: '',
        observedGeneration: 0,
      }),
      type,
      status,
    })
    expect(wrong(() => undefined)).toEqual([])
    expect(wrong((s) => s.conditions?.push(also('Stalled'), also('Reconciling')))).toContain(
      'Reconciling and Stalled together',
    )
    expect(wrong((s) => s.conditions?.push(also('Ready')))).toContain('a condition stands twice')
    expect(wrong((s) => s.conditions?.pop())).toContain('Ready or Synced is missing')
    expect(wrong((s) => Object.assign(s, { observedGeneration: 9 }))).toContain(
      'Ready speaks of another generation',
    )
    expect(wrong((s) => s.conditions?.push(also('Stalled', 'False')))).toContain(
      'Stalled is there without being true',
    )
    expect(wrong((s) => Object.assign(s.conditions?.[0] ?? {}, { reason: 'no-key' }))).toContain(
      'Ready has a reason that is no CamelCase word',
    )
  })
})
