import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createPulse } from '../../../controller/pulse.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

/** How long a wait takes, in fake milliseconds; undefined while it lasts. */
function timed(wait: Promise<void>): () => number | undefined {
  const start = Date.now()
  let took: number | undefined
  void wait.then(() => {
    took = Date.now() - start
  })
  return () => took
}
const never = new AbortController().signal
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms)

test('a doubt ends the pause before the next look, but not while nothing answers', async () => {
  const pulse = createPulse(
    () => 0,
    () => performance.now(),
  )
  const first = timed(pulse.pace(2_000, never))
  await pass(300)
  pulse.hasten()
  await pass(0)
  expect(first()).toBe(300)
  pulse.beat(false)
  const second = timed(pulse.pace(2_000, never))
  pulse.hasten()
  await pass(1_999)
  expect(second()).toBeUndefined()
  await pass(1)
  expect(second()).toBe(2_000)
})

test('a look that is asked for while one is under way comes right after it, once', async () => {
  const pulse = createPulse(
    () => 0,
    () => performance.now(),
  )
  pulse.hasten()
  pulse.hasten()
  const next = timed(pulse.pace(2_000, never))
  await pass(0)
  expect(next()).toBe(0)
  const after = timed(pulse.pace(2_000, never))
  await pass(1_999)
  expect(after()).toBeUndefined()
  await pass(1)
  expect(after()).toBe(2_000)
})

test('who waits out a failure goes on when the server answers again, each a little later', async () => {
  let draw = 0
  const pulse = createPulse(
    () => draw,
    () => performance.now(),
  )
  pulse.beat(false)
  const rests = [pulse.rest(30_000, never), pulse.rest(30_000, never)].map(timed)
  await pass(5_000)
  pulse.beat(false)
  await pass(1_000)
  draw = 0.5
  pulse.beat(true)
  await pass(249)
  expect(rests.map((took) => took())).toEqual([undefined, undefined])
  await pass(1)
  expect(rests.map((took) => took())).toEqual([6_250, 6_250])
})

test('shortly after it has come back nobody waits long, for it still refuses this and that', async () => {
  const pulse = createPulse(
    () => 0,
    () => performance.now(),
  )
  pulse.beat(false)
  pulse.beat(true)
  await pass(14_999)
  const soon = timed(pulse.rest(30_000, never))
  await pass(1)
  const later = timed(pulse.rest(30_000, never))
  await pass(30_000)
  expect([soon(), later()]).toEqual([1_000, 30_000])
})

test('a server that has answered all the time ends no wait', async () => {
  const pulse = createPulse(
    () => 0,
    () => performance.now(),
  )
  pulse.beat(true)
  const rest = timed(pulse.rest(30_000, never))
  await pass(10_000)
  pulse.beat(true)
  await pass(19_999)
  expect(rest()).toBeUndefined()
  await pass(1)
  expect(rest()).toBe(30_000)
})

test('the end ends every wait, also one that begins later, and leaves nothing behind', async () => {
  const pulse = createPulse(
    () => 0,
    () => performance.now(),
  )
  const end = new AbortController()
  const waits = [pulse.pace(2_000, end.signal), pulse.rest(30_000, end.signal)]
  end.abort()
  await Promise.all([...waits, pulse.pace(2_000, end.signal), pulse.rest(30_000, end.signal)])
  expect(vi.getTimerCount()).toBe(0)
})
