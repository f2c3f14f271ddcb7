import { expect, test } from 'vitest'
import { createCalm } from '../../../controller/reconcile/calm.ts'

test('two corrections are prompt, each further one waits twice as long, up to a minute', () => {
  let now = 0
  const calm = createCalm(() => now)
  const waits: number[] = []
  for (let i = 0; i < 12; i++) {
    calm.corrected('a')
    waits.push(calm.waitMs('a'))
    now += calm.waitMs('a')
  }
  expect(waits).toEqual([0, 0, 500, 1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000])
  expect(calm.waitMs('b')).toBe(0)
})

test('ten quiet seconds end a fight, and it is forgotten', () => {
  let now = 0
  const calm = createCalm(() => now)
  for (let i = 0; i < 4; i++) calm.corrected('a')
  now = 1000 + 10_000
  calm.corrected('a')
  expect(calm.waitMs('a')).toBe(0)
  for (let i = 0; i < 5000; i++) {
    now += 20
    calm.corrected(`key-${i}`)
  }
  expect(calm.waitMs('a')).toBe(0)
})
