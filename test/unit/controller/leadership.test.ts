import { PassThrough } from 'node:stream'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createLeadership } from '../../../controller/leader/leadership.ts'
import { type Lease, termsOf } from '../../../controller/leader/lease.ts'
import { createPulse } from '../../../controller/pulse.ts'
import { LEASES } from '../../../shared/kube/resources.ts'
import { createFakeKube } from './fake-kube.ts'
import { memoryLog } from './world.ts'

const ID = { namespace: 'waxwing-system', name: 'waxwing' }

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse('2026-11-24T00:00:00Z') })
})
afterEach(() => {
  vi.useRealTimers()
})

/** A candidate, with a watch of the Lease that tells what the test wants it to. */
function candidate(me: string) {
  const kube = createFakeKube()
  const clock = () => Date.now()
  const pulse = createPulse(() => 0, clock)
  const log = memoryLog()
  const end = new AbortController()
  let renewals = 0
  pulse.renewal(() => {
    renewals += 1
  })
  const leadership = createLeadership({
    kube,
    id: ID,
    me,
    terms: termsOf(15),
    log,
    now: clock,
    clock,
    random: () => 1,
    pulse,
    signal: end.signal,
    gained: () => undefined,
    renewed: () => undefined,
    lost: () => undefined,
  })
  const changes = new PassThrough({ objectMode: true })
  end.signal.addEventListener('abort', () => changes.end())
  const standing = leadership.stand(changes)
  return {
    kube,
    log,
    leadership,
    renewals: () => renewals,
    tell: (object: Lease) => void changes.write({ type: 'upsert', object }),
    lease: () => kube.get<Lease>(LEASES, ID),
    async stop() {
      end.abort()
      await vi.advanceTimersByTimeAsync(5_000)
      await standing
    },
  }
}

test('who waits looks at once when the watch tells that the lease was left', async () => {
  const follower = candidate('b')
  const left = {
    metadata: { ...ID },
    spec: { holderIdentity: 'a', renewTime: 'x', leaseDurationSeconds: 15 },
  }
  await follower.kube.create(LEASES, left)
  await vi.advanceTimersByTimeAsync(4_000)
  expect(follower.leadership.term()).toBeUndefined()
  await follower.kube.mergePatch(LEASES, ID, { spec: { holderIdentity: '' } })
  follower.tell(await follower.lease())
  await vi.advanceTimersByTimeAsync(1)
  expect(follower.leadership.term()).toBeDefined()
  await follower.stop()
})

test('a watch that told and tells nothing more of our renewals is broken, and so are the others', async () => {
  const leader = candidate('a')
  await vi.advanceTimersByTimeAsync(2_000)
  leader.tell(await leader.lease())
  await vi.advanceTimersByTimeAsync(7_000)
  expect(leader.renewals()).toBe(0)
  await vi.advanceTimersByTimeAsync(6_000)
  expect(leader.renewals()).toBe(1)
  expect(leader.log.lines.map(({ message }) => message)).toContain(
    'the watches tell nothing of what happens; opening them anew',
  )
  await leader.stop()
})
