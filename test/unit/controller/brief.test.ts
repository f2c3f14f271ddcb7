import { describe, expect, test } from 'vitest'
import type { SealedObject } from '../../../controller/objects.ts'
import { sealedEntry } from '../../../controller/reconcile/brief.ts'
import { statusFor } from '../../../controller/reconcile/conditions.ts'
import { observeCached } from '../../../controller/reconcile/observe.ts'
import { sealed } from './world.ts'

const NOW = '2026-11-24T00:00:00Z'
const REF = { uid: 's', resourceVersion: '7' }
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration'

async function object(metadata: object = {}, ready = false, size = 10): Promise<SealedObject> {
  const made = await sealed({ password: 'x'.repeat(size) })
  const status = statusFor({ kind: 'synced', secret: REF }, 1, undefined, NOW)
  return {
    ...made,
    metadata: { ...made.metadata, uid: 'o', resourceVersion: '5', generation: 1, ...metadata },
    ...(ready && { status }),
  }
}

describe('what is kept', () => {
  test('of an object that was Ready in this generation: not its spec, in no form', async () => {
    const whole = await object({}, true)
    const entry = sealedEntry(whole)
    expect(entry.text).toBeUndefined()
    expect(entry.resourceVersion).toBe('5')
    expect(JSON.stringify(entry)).not.toContain('envelopes')
  })

  test('of one that was Ready in an earlier generation: all of it, as it was sent', async () => {
    const whole = await object({ generation: 2 }, true)
    const { text = '', brief } = sealedEntry(whole)
    expect(JSON.parse(text)).toEqual(whole)
    expect(brief.spec).toBeUndefined()
    expect(brief.status).toEqual(whole.status)
  })

  test('of a large one: not its spec', async () => {
    const entry = sealedEntry(await object({}, false, 5000))
    expect(entry.text).toBeUndefined()
    expect(JSON.stringify(entry).length).toBeLessThan(500)
  })

  test('of one that is known without its spec: nothing that could be taken for the whole', async () => {
    const { spec: _, ...bare } = await object({})
    expect(sealedEntry(bare).text).toBeUndefined()
  })

  test('of one that kubectl applied: not the copy that kubectl left', async () => {
    const whole = await object({ annotations: { [LAST_APPLIED]: 'x'.repeat(4000), note: 'n' } })
    const { text = '' } = sealedEntry(whole)
    expect(JSON.parse(text).metadata.annotations).toEqual({ note: 'n' })
  })
})

describe('what the caches tell of it is what the whole would tell', () => {
  const secret = { ...REF, owner: 'o', shared: false }
  const deletionTimestamp = NOW
  test.each([
    ['new', {}, false, undefined],
    ['settled', {}, true, 'settled'],
    ['of another generation', { generation: 2 }, true, undefined],
    [
      'without owner reference',
      { annotations: { 'waxwing.dev/skip-owner-reference': 'true' } },
      true,
      undefined,
    ],
    ['being deleted', { deletionTimestamp, finalizers: ['theirs'] }, true, 'deleting'],
    ['held', { deletionTimestamp, finalizers: ['waxwing.dev/patched-secret'] }, true, undefined],
  ] as const)('%s', async (_name, metadata, ready, kind) => {
    const whole = await object(metadata, ready)
    const { brief } = sealedEntry(whole)
    expect(observeCached(brief, secret)?.kind).toBe(kind)
    expect(observeCached(whole, secret)?.kind).toBe(kind)
  })

  test('where drift is tolerated', async () => {
    const whole = await object({ annotations: { 'waxwing.dev/drift': 'ignore' } }, true)
    const edited = { ...secret, resourceVersion: '8' }
    expect(observeCached(sealedEntry(whole).brief, edited)).toEqual({ kind: 'settled' })
    expect(observeCached(sealedEntry(await object({}, true)).brief, edited)).toBeUndefined()
  })
})
