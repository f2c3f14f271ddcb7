import { expect, test } from 'vitest'
import { createEcho } from '../../../controller/leader/echo.ts'

function site() {
  const state = { now: 0, broken: 0 }
  const echo = createEcho(
    () => state.now,
    () => {
      state.broken += 1
    },
  )
  return { state, echo }
}

test('a watch that tells of each write is fine, before or after the answer, however seldom', () => {
  const { state, echo } = site()
  for (let version = 1; version < 50; version++) {
    state.now += 40_000
    if (version % 2) echo.heard(String(version))
    echo.looked(String(version))
    echo.looked(String(version))
    if (version % 2 === 0) echo.heard(String(version))
  }
  expect(state.broken).toBe(0)
})

test('one that told, and tells nothing of several writes, is broken: once, until it tells again', () => {
  const { state, echo } = site()
  echo.heard('1')
  const write = () => {
    state.now += 1_500
    echo.looked(`at ${state.now}`)
    return state.broken
  }
  expect(Array.from({ length: 12 }, write)).toEqual([0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1])
  echo.heard('new')
  expect(Array.from({ length: 7 }, write)).toEqual([1, 1, 1, 1, 1, 1, 2])
})

test('one that has never told is not there, or not allowed', () => {
  const { state, echo } = site()
  for (let version = 1; version < 50; version++) {
    state.now += 5_000
    echo.looked(String(version))
  }
  expect(state.broken).toBe(0)
})

test('a Lease that nobody writes tells nothing, and that is right', () => {
  const { state, echo } = site()
  echo.heard('1')
  for (let looks = 0; looks < 50; looks++) {
    state.now += 5_000
    echo.looked('1')
    echo.looked(undefined)
  }
  expect(state.broken).toBe(0)
})
