import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import type { Credentials } from '../../../../shared/kube/connection.ts'
import { keepCredentials, loadStatic } from '../../../../shared/kube/credentials.ts'

const MINUTE = 60_000

/** A source of tokens under the test's hand, and the clock. */
function keeper(first: string | Error) {
  const world = { token: first, now: 0, loads: [] as boolean[] }
  const authorize = keepCredentials(
    async (rejected): Promise<Credentials> => {
      world.loads.push(rejected)
      if (world.token instanceof Error) throw world.token
      return { headers: { Authorization: world.token } }
    },
    () => world.now,
  )
  return { world, authorize }
}

test('credentials are loaded once a minute, however many ask', async () => {
  const { world, authorize } = keeper('a')
  const first = await Promise.all([authorize(), authorize(), authorize()])
  world.now = MINUTE - 1
  expect(new Set([...first, await authorize()]).size).toBe(1)
  expect(world.loads).toEqual([false])
  world.now = MINUTE
  world.token = 'b'
  expect(await authorize()).toEqual({ headers: { Authorization: 'b' } })
  expect(world.loads).toEqual([false, false])
})

test('a clock that is set back keeps nobody from asking', async () => {
  vi.useFakeTimers({ toFake: ['Date', 'performance'], now: Date.parse('2026-11-24T12:00:00Z') })
  let loads = 0
  const authorize = keepCredentials(async () => ({ headers: { Authorization: String(++loads) } }))
  await authorize()
  vi.advanceTimersByTime(MINUTE)
  vi.setSystemTime(Date.parse('2026-11-24T11:00:00Z'))
  expect(await authorize()).toEqual({ headers: { Authorization: '2' } })
  vi.useRealTimers()
})

test('what has not changed stays the same object', async () => {
  const { world, authorize } = keeper('a')
  const first = await authorize()
  world.now = MINUTE
  expect(await authorize()).toBe(first)
  expect(await authorize(first)).toBe(first)
  expect(world.loads).toEqual([false, false, true])
})

test('after a refusal they are loaded at once, by the first to notice', async () => {
  const { world, authorize } = keeper('a')
  const old = await authorize()
  world.token = 'b'
  const renewed = await Promise.all([authorize(old), authorize(old)])
  expect(renewed[0]).toEqual({ headers: { Authorization: 'b' } })
  expect(renewed[1]).toBe(renewed[0])
  expect(await authorize(old)).toBe(renewed[0])
  expect(world.loads).toEqual([false, true])
})

test('when the source fails, what is there is used on; after a refusal it is an error', async () => {
  const { world, authorize } = keeper('a')
  const first = await authorize()
  world.now = MINUTE
  world.token = new Error('source is down')
  expect(await authorize()).toBe(first)
  await expect(authorize(first)).rejects.toThrow('source is down')
  world.token = 'b'
  expect(await authorize(first)).not.toBe(first)
})

test('when the source fails from the start it is an error, and the next call tries again', async () => {
  const { world, authorize } = keeper(new Error('source is down'))
  await expect(authorize()).rejects.toThrow('source is down')
  world.token = 'a'
  expect(await authorize()).toEqual({ headers: { Authorization: 'a' } })
})

test('a token file is read anew', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'waxwing-token-'))
  const tokenFile = join(folder, 'token')
  await writeFile(tokenFile, 'one\n')
  const authorize = keepCredentials(() => loadStatic({ tokenFile }))
  const one = await authorize()
  await writeFile(tokenFile, 'two\n')
  expect([one, await authorize(one)].map(({ headers }) => headers.Authorization)).toEqual([
    'Bearer one',
    'Bearer two',
  ])
  await rm(folder, { recursive: true })
})
