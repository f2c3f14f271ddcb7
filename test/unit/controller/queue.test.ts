import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createPulse } from '../../../controller/pulse.ts'
import { createQueue, retryDelay, type Verdict } from '../../../controller/queue.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

/** A handler whose calls the test ends one by one. */
function scripted(concurrency = 2) {
  const calls: {
    key: string
    attempt: number
    end: (verdict: Verdict) => void
    fail: (error: unknown) => void
  }[] = []
  const errors: unknown[] = []
  const pulse = createPulse(
    () => 0,
    () => performance.now(),
  )
  const doubts = vi.spyOn(pulse, 'hasten')
  const queue = createQueue({
    concurrency,
    handle: (key, attempt) => new Promise<Verdict>((end, fail) => calls.push({ key, attempt, end, fail })),
    onError: (_key, error) => errors.push(error),
    random: () => 1,
    pulse,
  })
  const settle = () => vi.advanceTimersByTimeAsync(0)
  const end = async (i: number, verdict: Verdict = 'done') => {
    calls[i]?.end(verdict)
    await settle()
  }
  return { queue, pulse, doubts, calls, errors, end, settle, keys: () => calls.map(({ key }) => key) }
}

describe('the queue', () => {
  test('waits for the start, then takes keys in order, as many at a time as it may', async () => {
    const { queue, keys, end } = scripted(2)
    for (const key of ['a', 'b', 'c']) queue.add(key)
    expect(keys()).toEqual([])
    queue.start()
    expect(keys()).toEqual(['a', 'b'])
    expect(queue.depth()).toEqual({ waiting: 1, running: 2, delayed: 0 })
    await end(1)
    expect(keys()).toEqual(['a', 'b', 'c'])
  })

  test('takes a key that was added many times once', async () => {
    const { queue, keys, end } = scripted(1)
    queue.start()
    queue.add('a')
    for (let i = 0; i < 5; i++) queue.add('b')
    await end(0)
    await end(1)
    expect(keys()).toEqual(['a', 'b'])
  })

  test('takes a key that was added while it was worked on once more, never twice at a time', async () => {
    const { queue, keys, end } = scripted(4)
    queue.start()
    queue.add('a')
    queue.add('a')
    queue.add('a')
    expect(keys()).toEqual(['a'])
    await end(0)
    expect(keys()).toEqual(['a', 'a'])
    await end(1)
    expect(queue.depth()).toEqual({ waiting: 0, running: 0, delayed: 0 })
  })

  test('tries a failure again, later each time, and never gives up', async () => {
    const { queue, calls, end } = scripted(1)
    queue.start()
    queue.add('a')
    for (let attempt = 1; attempt <= 40; attempt++) {
      expect(calls).toHaveLength(attempt)
      expect(calls.at(-1)?.attempt).toBe(attempt)
      await end(attempt - 1, 'again')
      expect(queue.depth().delayed).toBe(1)
      const wait = retryDelay(attempt, () => 1)
      await vi.advanceTimersByTimeAsync(wait - 1)
      expect(calls).toHaveLength(attempt)
      await vi.advanceTimersByTimeAsync(1)
    }
    await end(40, 'done')
    queue.add('a')
    expect(calls.at(-1)?.attempt).toBe(1)
  })

  test('an event ends the waiting, and the failures still count', async () => {
    const { queue, calls, end } = scripted(1)
    queue.start()
    queue.add('a')
    await end(0, 'again')
    queue.add('a')
    expect(calls.map(({ attempt }) => attempt)).toEqual([1, 2])
    expect(queue.depth()).toEqual({ waiting: 0, running: 1, delayed: 0 })
    await end(1)
    await vi.advanceTimersByTimeAsync(600_000)
    expect(calls).toHaveLength(2)
  })

  test('what a handler throws is told, and tried again', async () => {
    const { queue, calls, errors, settle } = scripted(1)
    queue.start()
    queue.add('a')
    calls[0]?.fail(new Error('bug'))
    await settle()
    expect(errors).toEqual([new Error('bug')])
    await vi.advanceTimersByTimeAsync(5_000)
    expect(calls).toHaveLength(2)
  })

  test('a failure of one key holds up no other', async () => {
    const { queue, keys, end } = scripted(1)
    queue.start()
    queue.add('a')
    queue.add('b')
    await end(0, 'again')
    expect(keys()).toEqual(['a', 'b'])
  })

  test('stops when what runs has ended; nothing begins any more', async () => {
    const { queue, keys, end, settle } = scripted(1)
    queue.start()
    queue.add('a')
    queue.add('b')
    let stopped = false
    void queue.stop().then(() => {
      stopped = true
    })
    await settle()
    expect(stopped).toBe(false)
    await end(0, 'again')
    expect(stopped).toBe(true)
    queue.add('c')
    await vi.advanceTimersByTimeAsync(600_000)
    expect(keys()).toEqual(['a'])
    expect(vi.getTimerCount()).toBe(0)
  })

  test('forgets nothing while it is stopped: what had failed and what was running comes again', async () => {
    const { queue, keys, end } = scripted(2)
    queue.start()
    queue.add('delayed')
    await end(0, 'again')
    queue.add('running')
    const stopped = queue.stop()
    queue.add('new')
    await end(1, 'again')
    await stopped
    expect(queue.depth()).toEqual({ waiting: 3, running: 0, delayed: 0 })
    queue.start()
    await end(2)
    expect(keys().slice(2).sort()).toEqual(['delayed', 'new', 'running'])
  })
})

describe('a server that does not answer', () => {
  test('stops everything at the first request without answer, and asks once', async () => {
    const { queue, doubts, keys, end } = scripted(2)
    for (const key of ['a', 'b', 'c', 'd']) queue.add(key)
    queue.start()
    await end(0, 'unanswered')
    await end(1, 'unanswered')
    await vi.advanceTimersByTimeAsync(600_000)
    expect(keys()).toEqual(['a', 'b'])
    expect(doubts).toHaveBeenCalledTimes(2)
    expect(queue.depth()).toEqual({ waiting: 2, running: 0, delayed: 2 })
  })

  test('is nobody’s failure: all come back at once when it answers, as if nothing had been', async () => {
    const { queue, pulse, calls, keys, end } = scripted(3)
    for (const key of ['old', 'a', 'b', 'c']) queue.add(key)
    queue.start()
    await end(0, 'again')
    await end(1, 'unanswered')
    pulse.beat(false)
    await end(2, 'unanswered')
    await end(3, 'done')
    pulse.beat(false)
    queue.add('new')
    await vi.advanceTimersByTimeAsync(600_000)
    expect(keys()).toEqual(['old', 'a', 'b', 'c'])
    expect(queue.depth()).toEqual({ waiting: 4, running: 0, delayed: 0 })
    pulse.beat(true)
    expect(
      calls
        .slice(4)
        .map(({ key, attempt }) => `${key} ${attempt}`)
        .sort(),
    ).toEqual(['a 1', 'b 1', 'old 2'])
    await end(4)
    expect(keys().at(-1)).toBe('new')
  })

  test('that answers others after all is the failure of the key', async () => {
    const { queue, pulse, calls, keys, end } = scripted(1)
    queue.add('a')
    queue.add('b')
    queue.start()
    await end(0, 'unanswered')
    pulse.beat(true)
    expect(keys()).toEqual(['a', 'b'])
    await end(1)
    await vi.advanceTimersByTimeAsync(999)
    expect(keys()).toEqual(['a', 'b'])
    await vi.advanceTimersByTimeAsync(1)
    expect(calls[2]).toMatchObject({ key: 'a', attempt: 2 })
  })

  test('is noticed by the looks at the lease alone as well', async () => {
    const { queue, pulse, keys, end } = scripted(1)
    queue.start()
    queue.add('a')
    queue.add('b')
    pulse.beat(false)
    await end(0)
    expect(keys()).toEqual(['a'])
    pulse.beat(true)
    expect(keys()).toEqual(['a', 'b'])
  })

  test('costs no key that changed meanwhile its turn', async () => {
    const { queue, pulse, calls, keys, end } = scripted(1)
    queue.start()
    queue.add('a')
    queue.add('a')
    await end(0, 'unanswered')
    pulse.beat(true)
    expect(keys()).toEqual(['a', 'a'])
    await end(1, 'unanswered')
    queue.add('a')
    pulse.beat(true)
    expect(keys()).toEqual(['a', 'a', 'a'])
    expect(calls[2]?.attempt).toBe(1)
  })

  test('and a stop forget nothing', async () => {
    const { queue, pulse, keys, end } = scripted(2)
    queue.start()
    queue.add('a')
    queue.add('b')
    await end(0, 'unanswered')
    void queue.stop()
    pulse.beat(false)
    await end(1, 'unanswered')
    expect(queue.depth()).toEqual({ waiting: 2, running: 0, delayed: 0 })
    pulse.beat(true)
    expect(keys()).toEqual(['a', 'b'])
    queue.start()
    expect(keys()).toEqual(['a', 'b', 'a', 'b'])
  })
})

test('is told how long a key waited since the start, and how long it was worked on', async () => {
  let clock = 0
  const times: string[] = []
  const ends: (() => void)[] = []
  const queue = createQueue({
    concurrency: 1,
    handle: () => new Promise((resolve) => ends.push(() => resolve('done'))),
    onError: () => undefined,
    random: () => 1,
    pulse: createPulse(
      () => 0,
      () => clock,
    ),
    timing: {
      clock: () => clock,
      waited: (ms) => times.push(`waited ${ms}`),
      worked: (ms) => times.push(`worked ${ms}`),
    },
  })
  queue.add('a')
  queue.add('b')
  clock = 1000
  queue.start()
  queue.add('c')
  clock = 1005
  // Added again: it has been waiting since before.
  queue.add('b')
  for (const ms of [20, 300, 4000]) {
    clock += ms
    ends.shift()?.()
    await vi.advanceTimersByTimeAsync(0)
  }
  expect(times).toEqual(['waited 0', 'worked 25', 'waited 25', 'worked 300', 'waited 325', 'worked 4000'])
})

test('the wait is drawn from a range that doubles up to five minutes, and is never nothing', () => {
  expect([1, 2, 3, 10, 100].map((attempt) => retryDelay(attempt, () => 1))).toEqual([
    1000, 2000, 4000, 300_000, 300_000,
  ])
  expect(retryDelay(5, () => 0.25)).toBe(4000)
  expect(retryDelay(5, () => 0)).toBe(50)
})
