import { expect, test } from 'vitest'
import { createBackoff } from '../../../../shared/kube/backoff.ts'
import { retryThrottled } from '../../../../shared/kube/retry.ts'
import { toApiError } from '../../../../shared/kube/status.ts'

const busy = (seconds?: string) => toApiError('get', 429, {}, seconds)

/** Calls that fail with these errors, then succeed; `waits` are the pauses taken. */
async function run(errors: Error[], signal?: AbortSignal) {
  const waits: number[] = []
  let calls = 0
  const result = await retryThrottled(
    async () => {
      const error = errors[calls++]
      if (error) throw error
      return 'done'
    },
    signal,
    { random: () => 0.5, sleep: async (ms) => void waits.push(ms) },
  ).catch((error: unknown) => error)
  return { result, calls, waits }
}

test('a throttled call waits as long as it is told, and a little longer by chance', async () => {
  expect(await run([busy('1'), busy('4')])).toEqual({ result: 'done', calls: 3, waits: [1250, 5000] })
})

test('it gives up after four retries', async () => {
  const { result, calls } = await run(Array.from({ length: 9 }, () => busy('1')))
  expect(result).toMatchObject({ status: 429 })
  expect(calls).toBe(5)
})

test.each([
  ['a 429 without a time', busy()],
  ['a time that is too long', busy('60')],
  ['a 503, which may have been done', toApiError('create', 503, {}, '1')],
  ['any other error', new Error('other')],
])('at once to the caller: %s', async (_, error) => {
  expect(await run([error])).toEqual({ result: error, calls: 1, waits: [] })
})

test('an abort ends the waiting', async () => {
  const stop = new AbortController()
  stop.abort(new Error('stop'))
  expect(await run([busy('1')], stop.signal)).toMatchObject({ result: new Error('stop'), calls: 1 })
})

test('backoff doubles to half a minute, drawn from the whole range, never hot', () => {
  const longest = createBackoff(() => 1)
  expect(Array.from({ length: 8 }, longest.next)).toEqual([800, 1600, 3200, 6400, 12800, 25600, 30000, 30000])
  longest.reset()
  expect(longest.next()).toBe(800)
  expect(createBackoff(() => 0.25).next()).toBe(200)
  expect(createBackoff(() => 0).next()).toBe(20)
})
