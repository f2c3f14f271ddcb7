import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { fence } from '../../../controller/leader/fence.ts'
import { judge, sight } from '../../../controller/leader/judge.ts'
import { createLeader } from '../../../controller/leader/leader.ts'
import { claim, type Lease, resignation, termsOf } from '../../../controller/leader/lease.ts'
import { createTerm, NotLeading } from '../../../controller/leader/term.ts'
import { createPulse } from '../../../controller/pulse.ts'
import { LEASES, SECRETS } from '../../../shared/kube/resources.ts'
import { apiError, createFakeKube, type FakeKube } from './fake-kube.ts'
import { memoryLog } from './world.ts'

const TERMS = termsOf(15)
const ID = { namespace: 'waxwing-system', name: 'waxwing' }
const T0 = Date.parse('2026-11-24T00:00:00Z')

describe('a lease', () => {
  const lease = (spec: Lease['spec']): Lease => ({ metadata: { ...ID, uid: 'u' }, ...(spec && { spec }) })

  test('has the proportions of client-go', () => {
    expect(TERMS).toEqual({ durationMs: 15_000, deadlineMs: 10_000, retryMs: 2_000 })
    expect(termsOf(12)).toEqual({ durationMs: 12_000, deadlineMs: 8_000, retryMs: 1_600 })
  })

  test('is claimed, kept, taken and given up', () => {
    const first = claim(undefined, 'a', TERMS, T0)
    expect(first).toEqual({
      holderIdentity: 'a',
      leaseDurationSeconds: 15,
      acquireTime: '2026-11-24T00:00:00.000000Z',
      renewTime: '2026-11-24T00:00:00.000000Z',
      leaseTransitions: 0,
    })
    const kept = claim(lease(first), 'a', TERMS, T0 + 2_000)
    expect(kept).toEqual({ ...first, renewTime: '2026-11-24T00:00:02.000000Z' })
    expect(claim(lease(kept), 'b', TERMS, T0 + 60_000)).toMatchObject({
      holderIdentity: 'b',
      acquireTime: '2026-11-24T00:01:00.000000Z',
      leaseTransitions: 1,
    })
    expect(resignation(T0)).toEqual({ holderIdentity: null, renewTime: '2026-11-24T00:00:00.000000Z' })
  })

  test.each<[string, Lease['spec'], number, string]>([
    ['never held', undefined, 0, 'free'],
    ['given up', { holderIdentity: '', renewTime: 'x' }, 0, 'free'],
    ['mine, however old', { holderIdentity: 'me', renewTime: 'x' }, 90_000, 'mine'],
    [
      "another's, just seen, though its times are long past",
      { holderIdentity: 'it', renewTime: '2001' },
      0,
      'taken',
    ],
    ["another's, unchanged for a little less than it lasts", { holderIdentity: 'it' }, 14_999, 'taken'],
    ["another's, unchanged for as long as it lasts", { holderIdentity: 'it' }, 15_000, 'free'],
    [
      "another's that lasts longer than ours would",
      { holderIdentity: 'it', leaseDurationSeconds: 60 },
      15_000,
      'taken',
    ],
    ["another's that lasts for no time", { holderIdentity: 'it', leaseDurationSeconds: 0 }, 14_999, 'taken'],
  ])('%s', (_what, spec, later, expected) => {
    const seen = sight(sight(undefined, lease(spec), TERMS, 100), lease(spec), TERMS, 100 + later)
    expect(judge(seen, 'me', 100 + later)).toBe(expected)
  })

  test('is young again after each change, and after nothing else', () => {
    const seen = sight(undefined, lease({ holderIdentity: 'it', renewTime: '1' }), TERMS, 0)
    expect(sight(seen, lease({ holderIdentity: 'it', renewTime: '2' }), TERMS, 9).at).toBe(9)
    const labelled = lease({ holderIdentity: 'it', renewTime: '1' })
    labelled.metadata.labels = { somebody: 'labels-it-all-day' }
    expect(sight(seen, labelled, TERMS, 9).at).toBe(0)
  })
})

beforeEach(() => {
  vi.useFakeTimers({ now: T0 })
})
afterEach(() => {
  vi.useRealTimers()
})

describe('a term', () => {
  const begin = (clock = () => Date.now()) => {
    let ends = 0
    const term = createTerm(Date.now(), {
      deadlineMs: 10_000,
      clock,
      ended: () => {
        ends += 1
      },
    })
    return { term, ends: () => ends }
  }

  test('lasts from renewal to renewal, and ends at the deadline by itself, once', async () => {
    const { term, ends } = begin()
    await vi.advanceTimersByTimeAsync(9_000)
    term.renewed(Date.now() - 1_000)
    await vi.advanceTimersByTimeAsync(8_000)
    term.guard()
    await vi.advanceTimersByTimeAsync(1_002)
    expect(term.signal.reason).toBeInstanceOf(NotLeading)
    expect(() => term.guard()).toThrow(NotLeading)
    term.end()
    expect(ends()).toBe(1)
    expect(vi.getTimerCount()).toBe(0)
  })

  test('is over after a stop of the process, though no timer has rung', () => {
    let stopped = 0
    const { term, ends } = begin(() => Date.now() + stopped)
    stopped = 30_000
    expect(() => term.guard()).toThrow(NotLeading)
    expect(term.signal.aborted).toBe(true)
    term.renewed(Date.now() + stopped)
    expect(() => term.guard()).toThrow(NotLeading)
    expect(ends()).toBe(1)
  })
})

test('the fence lets nothing through without a term, and hands the term to each write', async () => {
  const kube = createFakeKube()
  let term: ReturnType<typeof createTerm> | undefined
  const seen: unknown[] = []
  const fenced = fence(
    {
      ...kube,
      create: (resource, object, options) => {
        seen.push(options?.guard, options?.signal)
        return kube.create(resource, object, options)
      },
    },
    () => term,
  )
  const secret = { metadata: { namespace: 'shop', name: 'db' } }
  await expect(fenced.create(SECRETS, secret)).rejects.toThrow(NotLeading)
  await expect(fenced.mergePatch(SECRETS, secret.metadata, {})).rejects.toThrow(NotLeading)
  await expect(fenced.replaceStatus(SECRETS, { ...secret, status: {} })).rejects.toThrow(NotLeading)
  await expect(fenced.delete(SECRETS, secret.metadata)).rejects.toThrow(NotLeading)
  expect(kube.calls).toEqual([])
  term = createTerm(Date.now(), { deadlineMs: 10_000, clock: () => Date.now(), ended: () => undefined })
  await fenced.create(SECRETS, secret)
  expect(seen).toEqual([term.guard, term.signal])
  expect(await fenced.get(SECRETS, secret.metadata)).toBeDefined()
  await vi.advanceTimersByTimeAsync(10_001)
  await expect(fenced.delete(SECRETS, secret.metadata)).rejects.toThrow(NotLeading)
})

/** A candidate whose clock the test can let run on while the process stands still. */
function candidate(kube: FakeKube, me: string, terms = TERMS) {
  const pulse = createPulse(
    () => 0.5,
    () => performance.now(),
  )
  const beats: boolean[] = []
  pulse.listen((answered) => beats.push(answered))
  const end = new AbortController()
  const history: string[] = []
  const state = { stopped: 0, cut: false }
  const leader = createLeader({
    kube: {
      ...kube,
      get: (...args) => (state.cut ? Promise.reject(apiError(503, 'Unavailable')) : kube.get(...args)),
      mergePatch: (...args) =>
        state.cut ? Promise.reject(apiError(503, 'Unavailable')) : kube.mergePatch(...args),
    },
    id: ID,
    me,
    terms,
    pulse,
    log: memoryLog(),
    now: () => Date.now(),
    clock: () => Date.now() + state.stopped,
    random: () => 0.5,
    signal: end.signal,
    gained: () => history.push('gained'),
    lost: () => history.push('lost'),
    renewed: () => undefined,
    saw: () => undefined,
  })
  const ended = leader.stand()
  return {
    leader,
    pulse,
    beats,
    history,
    state,
    leads: () => leader.term() !== undefined,
    async stop() {
      end.abort()
      const released = leader.release()
      await vi.advanceTimersByTimeAsync(1_000)
      await Promise.all([released, ended])
    },
    die: () => end.abort(),
  }
}

describe('an election', () => {
  const holder = (kube: FakeKube) => kube.find<Lease>(LEASES, ID)?.spec?.holderIdentity

  test('has one winner, who keeps what it has', async () => {
    const kube = createFakeKube()
    const all = ['a', 'b', 'c'].map((me) => candidate(kube, me))
    for (let second = 0; second < 120; second++) {
      await vi.advanceTimersByTimeAsync(1_000)
      expect(all.filter(({ leads }) => leads())).toHaveLength(1)
    }
    expect(all.map(({ history }) => history.length).sort()).toEqual([0, 0, 1])
    expect(kube.find<Lease>(LEASES, ID)?.spec?.leaseTransitions).toBe(0)
    for (const one of all) await one.stop()
  })

  test('after an orderly end is won within two seconds', async () => {
    const kube = createFakeKube()
    const a = candidate(kube, 'a')
    await vi.advanceTimersByTimeAsync(100)
    const b = candidate(kube, 'b')
    await vi.advanceTimersByTimeAsync(5_000)
    await a.stop()
    expect(a.history).toEqual(['gained', 'lost'])
    await vi.advanceTimersByTimeAsync(1_000)
    expect(b.leads()).toBe(true)
    await b.stop()
    expect(holder(kube)).toBeUndefined()
  })

  test('after a death is won as soon as the lease has run out', async () => {
    const kube = createFakeKube()
    const a = candidate(kube, 'a')
    await vi.advanceTimersByTimeAsync(100)
    const b = candidate(kube, 'b')
    await vi.advanceTimersByTimeAsync(5_000)
    a.die()
    // With this random both look every 1.4 s: a last at 4.2, b at 4.3, and it counts from what b saw.
    await vi.advanceTimersByTimeAsync(14_150)
    expect(b.leads()).toBe(false)
    await vi.advanceTimersByTimeAsync(60)
    expect(b.leads()).toBe(true)
    expect(kube.find<Lease>(LEASES, ID)?.spec?.leaseTransitions).toBe(1)
    await b.stop()
  })

  test('is lost by a leader that cannot renew, before anybody else can win; it stands again', async () => {
    const kube = createFakeKube()
    const a = candidate(kube, 'a')
    await vi.advanceTimersByTimeAsync(100)
    const b = candidate(kube, 'b')
    await vi.advanceTimersByTimeAsync(5_000)
    a.state.cut = true
    for (let ms = 0; ms < 25_000; ms += 100) {
      await vi.advanceTimersByTimeAsync(100)
      expect(a.leads() && b.leads()).toBe(false)
    }
    expect([a.leads(), b.leads()]).toEqual([false, true])
    a.state.cut = false
    await b.stop()
    await vi.advanceTimersByTimeAsync(8_000)
    expect(a.history).toEqual(['gained', 'lost', 'gained'])
    await a.stop()
  })

  test('is lost by a leader that stood still, whatever it believes', async () => {
    const kube = createFakeKube()
    const a = candidate(kube, 'a')
    await vi.advanceTimersByTimeAsync(1_000)
    a.state.stopped += 30_000
    const term = a.leader.term()
    expect(() => term?.guard()).toThrow(NotLeading)
    expect(a.history).toEqual(['gained', 'lost'])
    // Nobody took the lease meanwhile, so it may be renewed, as a new term.
    await vi.advanceTimersByTimeAsync(3_000)
    expect(a.history).toEqual(['gained', 'lost', 'gained'])
    await a.stop()
  })

  test('is lost by a leader whose lease somebody gave to another', async () => {
    const kube = createFakeKube()
    const a = candidate(kube, 'a')
    await vi.advanceTimersByTimeAsync(1_000)
    await kube.mergePatch(LEASES, ID, { spec: { holderIdentity: 'x' } })
    await vi.advanceTimersByTimeAsync(4_000)
    expect(a.leads()).toBe(false)
    a.die()
  })

  test('with an answer lost after the write ends well', async () => {
    const kube = createFakeKube()
    let lost = 3
    const candidateKube = { ...kube }
    candidateKube.mergePatch = async (...args) => {
      const written = await kube.mergePatch(...args)
      if (lost-- > 0) throw apiError(504, 'Timeout')
      return written as never
    }
    const a = candidate(candidateKube, 'a')
    await vi.advanceTimersByTimeAsync(12_000)
    expect(a.history).toEqual(['gained'])
    await a.stop()
  })
})

describe('the looks at the lease', () => {
  test('tell whether the server answers, to a leader and to a follower', async () => {
    const kube = createFakeKube()
    const a = candidate(kube, 'a')
    await vi.advanceTimersByTimeAsync(100)
    const b = candidate(kube, 'b')
    await vi.advanceTimersByTimeAsync(5_000)
    expect(new Set([...a.beats, ...b.beats])).toEqual(new Set([true]))
    for (const { state } of [a, b]) state.cut = true
    await vi.advanceTimersByTimeAsync(2_000)
    expect([a.beats.at(-1), b.beats.at(-1)]).toEqual([false, false])
    for (const { state } of [a, b]) state.cut = false
    await vi.advanceTimersByTimeAsync(2_000)
    expect([a.beats.at(-1), b.beats.at(-1)]).toEqual([true, true])
    for (const one of [a, b]) await one.stop()
  })

  test('go over a connection apart', async () => {
    const kube = createFakeKube()
    const ways: unknown[] = []
    const over = { ...kube }
    over.get = (resource, id, options) => {
      ways.push(options?.apart)
      return kube.get(resource, id, options)
    }
    over.create = (resource, object, options) => {
      ways.push(options?.apart)
      return kube.create(resource, object, options)
    }
    over.mergePatch = (resource, id, patch, options) => {
      ways.push(options?.apart)
      return kube.mergePatch(resource, id, patch, options)
    }
    const a = candidate(over, 'a')
    await vi.advanceTimersByTimeAsync(5_000)
    expect(ways.length).toBeGreaterThan(3)
    expect(new Set(ways)).toEqual(new Set([true]))
    await a.stop()
  })

  test('are answered by a conflict as well', async () => {
    const kube = createFakeKube()
    const a = candidate(kube, 'a')
    await vi.advanceTimersByTimeAsync(100)
    await kube.mergePatch(LEASES, ID, { metadata: { labels: { somebody: 'labels' } } })
    await vi.advanceTimersByTimeAsync(5_000)
    expect(a.beats).not.toContain(false)
    expect(a.history).toEqual(['gained'])
    await a.stop()
  })

  test('come at once when there is a doubt', async () => {
    const kube = createFakeKube()
    const a = candidate(kube, 'a')
    await vi.advanceTimersByTimeAsync(100)
    const before = a.beats.length
    a.pulse.hasten()
    await vi.advanceTimersByTimeAsync(0)
    expect(a.beats).toHaveLength(before + 1)
    await a.stop()
  })

  test('come at least every five seconds without an answer, however long the lease lasts', async () => {
    const a = candidate(createFakeKube(), 'a', termsOf(300))
    await vi.advanceTimersByTimeAsync(100)
    a.state.cut = true
    await vi.advanceTimersByTimeAsync(60_000)
    const before = a.beats.length
    await vi.advanceTimersByTimeAsync(60_000)
    expect(a.beats.length - before).toBeGreaterThanOrEqual(12)
    await a.stop()
  })

  test.each([12, 300])(
    'end after three seconds without an answer, and the next comes at once, of a lease of %i s as well',
    async (seconds) => {
      const kube = createFakeKube()
      let silent = false
      const over = { ...kube }
      over.mergePatch = (...args) =>
        silent
          ? new Promise((_, reject) =>
              args[3]?.signal?.addEventListener('abort', () => reject(new Error('cut off'))),
            )
          : (kube.mergePatch(...args) as never)
      const a = candidate(over, 'a', termsOf(seconds))
      await vi.advanceTimersByTimeAsync(100)
      silent = true
      a.pulse.hasten()
      await vi.advanceTimersByTimeAsync(2_999)
      expect(a.beats.at(-1)).toBe(true)
      silent = false
      await vi.advanceTimersByTimeAsync(1)
      expect(a.beats.slice(-2)).toEqual([false, true])
      expect(a.history).toEqual(['gained'])
      await a.stop()
    },
  )
})
