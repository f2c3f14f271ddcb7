import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Entry, lineOf } from '../../../../controller/audit/entry.ts'
import { namesOf } from '../../../../controller/audit/objects.ts'
import { createReconcileAudit } from '../../../../controller/audit/reconciles.ts'
import { createCache } from '../../../../controller/cache.ts'
import type { SealedObject } from '../../../../controller/objects.ts'
import { act } from '../../../../controller/reconcile/act.ts'
import { decide } from '../../../../controller/reconcile/decide.ts'
import type { Targets } from '../../../../controller/reconcile/targets.ts'
import { SECRETS } from '../../../../shared/kube/resources.ts'
import { auditProblem, lineFor } from '../../../support/audit-lines.ts'
import { canary, expectNoCanary } from '../../../support/canary.ts'
import { NOW } from '../builders.ts'
import { TABLE } from '../table.ts'

/** A server that takes everything. */
const targets = (): Targets => {
  const answer = async () => ({ metadata: { name: 'db', uid: 'uid-1', resourceVersion: '7' } }) as never
  return {
    kube: { create: answer, mergePatch: answer, replaceStatus: answer, delete: async () => undefined },
    sealed: createCache(),
    secrets: createCache(),
    signal: new AbortController().signal,
  }
}

const inShort = (entry: Entry): string =>
  [
    entry.type,
    ...('verb' in entry ? [entry.verb] : []),
    'result' in entry ? entry.result : '',
    ...('reason' in entry ? [entry.reason] : []),
    ...('drift' in entry ? ['drift'] : []),
  ].join(' ')

describe('the rows of the decision table', () => {
  /** The lines of each row where something is done. */
  const LINES: Record<string, string[]> = {
    absent: ['unseal done', 'write create done'],
    differs: ['unseal done', 'write patch done'],
    unchangeable: ['unseal done', 'write delete done', 'write create done'],
    adopt: ['unseal done', 'write patch done'],
    unheld: ['unseal done'],
    'shared-differs': ['unseal done', 'write patch done'],
    equal: ['unseal done'],
    'shared-equal': ['unseal done'],
    former: ['unseal done'],
    'being-deleted': ['unseal done'],
    foreign: ['unseal done', 'refusal refused SecretNotOwned'],
    frozen: ['unseal done', 'refusal refused SecretImmutable'],
    unpatch: ['write patch done'],
    released: [],
    'given-up': ['refusal refused'],
  }

  test.each(TABLE)('%s', async (_title, observed, { row, act: does }) => {
    const entries: Entry[] = []
    const audit = createReconcileAudit(
      (entry) => void entries.push(entry),
      () => true,
    )
    const plan = decide(observed, NOW)
    if (!('object' in observed)) {
      expect(audit()(observed, plan, targets())).toBeDefined()
      expect(entries).toEqual([])
      return
    }
    await act(plan, observed.object, audit()(observed, plan, targets()), NOW)
    const expected = observed.kind === 'refused' ? [`unseal refused ${observed.code}`] : LINES[row]
    const shown = entries.map((entry) => inShort(entry).replace(/ drift$/, ''))
    expect(shown).toEqual(does === 'nothing' ? [] : expected)
    for (const entry of entries)
      expect(lineFor(entry)).toMatchObject({
        object: { kind: 'SealedSecret', namespace: 'shop', name: 'db', uid: 'uid-of-the-object' },
      })
  })
})

describe('names', () => {
  const holds = (id: string) => id.endsWith('a')
  const id = (last: string) => `wx${'a'.repeat(25)}${last}`
  const envelope = (...ids: string[]) => ({ recipients: ids.map((key) => ({ key })) })

  test('the keys that open are the first of each envelope that are here; a refusal names all', () => {
    const spec = {
      envelopes: [envelope(id('b'), id('a')), envelope(id('a'))],
      data: { user: 'x', password: 'y' },
    }
    expect(namesOf(spec, true, holds)).toEqual({ keyIds: [id('a')], dataKeys: ['password', 'user'] })
    expect(namesOf(spec, false, holds).keyIds).toEqual([id('a'), id('b')])
  })

  test('are cut, and counted', () => {
    const data = Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`key-${i}`, 'x']))
    const { dataKeys, truncated } = namesOf({ data }, true, holds)
    expect([dataKeys.length, truncated]).toEqual([32, { dataKeys: 500 }])
  })

  test('that are none are counted only, and so nothing that somebody put in their place is repeated', () => {
    const secret = canary()
    const names = namesOf(
      { envelopes: [envelope(secret.text)], data: { [secret.text]: 'x', '': 'y', ok: 'z' } },
      false,
      holds,
    )
    expect(names).toEqual({ keyIds: [], dataKeys: ['ok'], truncated: { dataKeys: 3 } })
    expectNoCanary(JSON.stringify(names), 'the names', [secret])
  })

  test('whatever stands in an object, its lines are valid, and short', async () => {
    let lines = 0
    const audit = createReconcileAudit(
      (entry) => {
        lines += 1
        const line = lineOf(entry, { now: 0, instance: 'p', seq: 1 })
        expect(auditProblem(line)).toBeUndefined()
        expect(line.length).toBeLessThan(16_384)
      },
      () => true,
    )
    const text = fc.oneof(fc.string({ maxLength: 300 }), fc.constantFrom('a'.repeat(253), '__proto__', 'x.y'))
    const envelopes = fc.array(fc.record({ recipients: fc.array(fc.record({ key: text })) }))
    const specs = fc.oneof(fc.anything(), fc.record({ envelopes, data: fc.dictionary(text, fc.string()) }))
    await fc.assert(
      fc.asyncProperty(specs, fc.array(text), async (spec, changed) => {
        const metadata = { name: 'db', namespace: 'shop', uid: 'u', generation: 3 }
        const object = { metadata, spec } as SealedObject
        const bad = { kind: 'refused', object, code: 'malformed', message: 'm' } as const
        audit()(bad, decide(bad, NOW), targets())
        const good = { kind: 'opened', object, desired: {} as never, secret: undefined } as const
        const plan = { row: 'differs', act: 'patch', patch: {}, changed, more: false } as const
        await audit()(good, plan, targets()).kube.mergePatch(SECRETS, { name: 'db' }, {})
      }),
    )
    expect(lines).toBe(300)
  })
})
