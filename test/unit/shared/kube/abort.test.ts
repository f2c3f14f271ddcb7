import { expect, test, vi } from 'vitest'
import { onAbort, sleep } from '../../../../shared/kube/abort.ts'

test('all who wait are called once, with the reason', () => {
  const stop = new AbortController()
  const calls: unknown[] = []
  for (const who of ['a', 'b', 'c']) onAbort(stop.signal, (reason) => calls.push([who, reason]))
  stop.abort('why')
  expect(calls).toEqual(['a', 'b', 'c'].map((who) => [who, 'why']))
})

test('who has been taken back is not called, and taking back twice takes nobody else off', () => {
  const stop = new AbortController()
  const [first, second] = [vi.fn(), vi.fn()]
  const release = onAbort(stop.signal, first)
  release()
  onAbort(stop.signal, second)
  release()
  stop.abort()
  expect(first).not.toHaveBeenCalled()
  expect(second).toHaveBeenCalledTimes(1)
})

test('one may be taken back while others are being called', () => {
  const stop = new AbortController()
  const release = onAbort(stop.signal, () => release())
  const second = vi.fn()
  onAbort(stop.signal, second)
  stop.abort()
  expect(second).toHaveBeenCalledTimes(1)
})

test('one listener for all, and none when nobody waits', () => {
  const { signal } = new AbortController()
  const add = vi.spyOn(signal, 'addEventListener')
  const remove = vi.spyOn(signal, 'removeEventListener')
  const releases = Array.from({ length: 100 }, () => onAbort(signal, vi.fn()))
  expect(add).toHaveBeenCalledTimes(1)
  for (const release of releases) release()
  expect(remove).toHaveBeenCalledTimes(1)
  onAbort(signal, vi.fn())
  expect(add).toHaveBeenCalledTimes(2)
})

test('without a signal there is nothing to wait for', () => {
  onAbort(undefined, vi.fn())()
})

test('sleep ends by time or by the signal, without an error', async () => {
  await sleep(5)
  await sleep(60_000, AbortSignal.abort())
  const stop = new AbortController()
  const remove = vi.spyOn(stop.signal, 'removeEventListener')
  await sleep(5, stop.signal)
  expect(remove).toHaveBeenCalledTimes(1)
  const long = sleep(60_000, stop.signal)
  stop.abort()
  await long
})
