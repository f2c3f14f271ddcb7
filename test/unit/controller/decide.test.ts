import { describe, expect, test } from 'vitest'
import { brokenRules, conditionOf } from '../../../controller/reconcile/conditions.ts'
import { decide } from '../../../controller/reconcile/decide.ts'
import { CODES, type Code } from '../../../shared/codes.ts'
import { desiredSecret, NOW, OWNER_UID, SECRET_REF, syncedStatus } from './builders.ts'
import { type Expected, everyObject, everySecret, OPENING_CODES, refused, TABLE } from './table.ts'

describe('decide', () => {
  test.each(TABLE)('%s', (_what, observed, expected) => {
    const plan = decide(observed, NOW)
    const seen: Expected = { row: plan.row, act: plan.act }
    if (plan.act === 'nothing' || plan.act === 'report') seen.retry = plan.retry
    if (plan.act === 'report') {
      const ready = conditionOf(plan.status, 'Ready')
      seen.ready = `${ready?.status} ${ready?.reason}`
      for (const type of ['Stalled', 'Reconciling'] as const)
        if (conditionOf(plan.status, type)) seen.also = type
    }
    expect(seen).toEqual(expected)
  })

  test.each(TABLE)(
    '%s: the status keeps the rules, and the second look finds nothing to do',
    (_what, observed) => {
      const plan = decide(observed, NOW)
      if (plan.act !== 'report' || observed.kind === 'gone') return
      expect(brokenRules(plan.status)).toEqual([])
      if (observed.kind !== 'opened' && observed.kind !== 'refused') return
      const again = { ...observed, object: { ...observed.object, status: plan.status } }
      expect(decide(again, '2027-01-01T00:00:00Z')).toEqual({
        row: plan.row,
        act: 'nothing',
        retry: plan.retry,
      })
    },
  )

  test('every object with every Secret has a row, keeps the rules, and deletes only what is ours', () => {
    const rows = new Set(TABLE.map(([, , { row }]) => row))
    for (const [what, object] of everyObject())
      for (const [which, secret] of everySecret())
        for (const desired of [
          desiredSecret(),
          desiredSecret({ immutable: true }),
          desiredSecret({ type: 'x/y' }),
        ]) {
          const live = decide({ kind: 'opened', object, desired, secret }, NOW)
          const dead = decide({ kind: 'deleting', object, secret }, NOW)
          for (const { row } of [live, dead]) expect(rows, `${what}: ${which}`).toContain(row)
          if (live.act === 'report') expect(brokenRules(live.status)).toEqual([])
          if (live.act === 'replace')
            expect(
              /^(ours|kept)/.test(which) || secret?.metadata.ownerReferences?.[0]?.uid === OWNER_UID,
              `${what}: ${which}`,
            ).toBe(true)
          if (/^(foreign|former)/.test(which)) expect(live.act, `${what}: ${which}`).toMatch(/nothing|report/)
        }
  })

  test('every refusal that opening can give has a row', () => {
    const rows = new Set(TABLE.map(([, , { row }]) => row))
    for (const code of OPENING_CODES) expect(rows).toContain(code)
    for (const code of Object.keys(CODES) as Code[])
      expect(decide(refused(code), NOW)).toMatchObject({ row: code, act: 'report', retry: false })
  })

  test('a refusal keeps the record of the last good Secret', () => {
    const plan = decide(refused('tampered', syncedStatus(1)), NOW)
    expect(plan).toMatchObject({ act: 'report', status: { observedGeneration: 2, secret: SECRET_REF } })
  })
})
