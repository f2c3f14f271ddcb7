import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createSeeds } from '../../../controller/keys/at-rest/seeds.ts'
import type { Renewal } from '../../../controller/keys/renewal.ts'
import { createKeyService } from '../../../controller/keys/service.ts'
import { createPulse } from '../../../controller/pulse.ts'
import { chooseKem } from '../../../shared/crypto/kem/choose.ts'
import { KEY_LABEL, KEY_TYPE } from '../../../shared/keys/labels.ts'
import type { KubeObject } from '../../../shared/kube/port.ts'
import { SEALING_KEYS, SECRETS } from '../../../shared/kube/resources.ts'
import { seededRandom } from '../../support/objects.ts'
import { until } from '../../support/programs.ts'
import { apiError, createFakeKube, type FakeKube } from './fake-kube.ts'
import { memoryLog } from './world.ts'

const kem = await chooseKem()
const namespace = 'waxwing-system'
const HOUR = 3_600_000
let end: AbortController
let term: AbortController

beforeEach(() => {
  end = new AbortController()
  term = new AbortController()
})
afterEach(() => {
  term.abort()
  end.abort()
})

function service(kube: FakeKube, renewal: Renewal = { everyMs: 0 }, now = Date.now) {
  const keys = createKeyService({
    kube,
    fenced: kube,
    kem,
    seeds: createSeeds({ all: [] }),
    atRestCheckMs: 60_000,
    namespace,
    holder: 'prod',
    counter: 'waxwing',
    log: memoryLog(),
    renewal,
    now,
    clock: Date.now,
    random: () => 0.01,
    randomBytes: seededRandom(5),
    pulse: createPulse(
      () => 0,
      () => performance.now(),
    ),
    signal: end.signal,
    cut: end.signal,
    disconnected: () => undefined,
    rewatched: () => undefined,
    tell: () => undefined,
    changed: () => undefined,
  })
  void keys.follow()
  return keys
}
const names = async (kube: FakeKube) =>
  (await kube.list(SECRETS, { namespace })).items.map(({ metadata }) => metadata.name)
const pause = () => new Promise((resolve) => setTimeout(resolve, 100))

test('a follower makes no key and publishes none; it takes the one that the leader makes', async () => {
  const kube = createFakeKube()
  const follower = service(kube)
  await follower.listed
  await pause()
  expect(kube.writes()).toEqual([])
  const leader = service(kube)
  await leader.listed
  await leader.lead(term.signal)
  await until('the follower has it', async () => follower.keyring.newest())
  expect(follower.keyring.newest()?.public.id).toBe(leader.keyring.newest()?.public.id)
  const id = leader.keyring.newest()?.public.id ?? ''
  await until('it is published', async () => kube.find(SEALING_KEYS, { name: id }))
  expect(kube.writes()).toEqual(['create secrets waxwing-key-1', `create sealingkeys ${id}`])
})

test('the last active key is deleted: a new one is made, but not while there is a doubt', async () => {
  const kube = createFakeKube()
  const keys = service(kube)
  await keys.listed
  await keys.lead(term.signal)
  const [name = ''] = await names(kube)
  let refused = 0
  kube.before = ({ verb, resource }) => {
    if (verb !== 'list' || resource !== 'secrets' || refused >= 3) return
    refused += 1
    throw apiError(500, 'InternalError')
  }
  const before = kube.writes().length
  await kube.delete(SECRETS, { namespace, name })
  await until('three refusals', async () => refused === 3)
  await until('a new one', async () => keys.keyring.newest())
  const made = kube
    .writes()
    .slice(before)
    .filter((write) => write.startsWith('create secrets'))
  expect(made).toHaveLength(1)
})

test('a wrapped key beside the deleted one is a doubt: none is made', async () => {
  const kube = createFakeKube()
  const keys = service(kube)
  await keys.listed
  await keys.lead(term.signal)
  const [name = ''] = await names(kube)
  kube.put(SECRETS, {
    metadata: { namespace, name: 'wrapped', labels: { [KEY_LABEL]: 'active' } },
    ...{ type: KEY_TYPE, data: { wrappedSeed: 'eA==', wrappedBy: 'eA==' } },
  })
  await kube.delete(SECRETS, { namespace, name })
  await pause()
  expect(await names(kube)).toEqual(['wrapped'])
  expect(keys.keyring.newest()).toBeUndefined()
})

test('nothing is made after the term', async () => {
  const kube = createFakeKube()
  const keys = service(kube)
  await keys.listed
  await keys.lead(term.signal)
  const [name = ''] = await names(kube)
  term.abort()
  await keys.rest()
  await kube.delete(SECRETS, { namespace, name })
  await pause()
  expect(await names(kube)).toEqual([])
})

test('the key is renewed while it leads, and what it opened stays open', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'], now: 1e12 })
  try {
    const kube = createFakeKube()
    const keys = service(kube, { everyMs: 720 * HOUR })
    await keys.listed
    await keys.lead(term.signal)
    const first = keys.keyring.newest()?.public.id ?? ''
    await vi.advanceTimersByTimeAsync(719 * HOUR)
    expect(await names(kube)).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(HOUR + 60_000)
    expect(await names(kube)).toEqual(['waxwing-key-1', 'waxwing-key-2'])
    expect(keys.keyring.newest()?.public.id).not.toBe(first)
    expect(keys.keyring.private().has(first)).toBe(true)
    // The machine sleeps: the clock goes on, and no timer with it.
    vi.setSystemTime(Date.now() + 10_000 * HOUR)
    await vi.advanceTimersByTimeAsync(60_000)
    expect(await names(kube)).toHaveLength(3)
    await vi.advanceTimersByTimeAsync(HOUR)
    expect(await names(kube)).toHaveLength(3)
  } finally {
    vi.useRealTimers()
  }
})

test('what cannot be renewed is used on', async () => {
  const kube = createFakeKube()
  await service(kube).lead(term.signal)
  const old = service(kube, { everyMs: HOUR }, () => Date.now() + 2 * HOUR)
  await old.listed
  kube.before = ({ verb }) => {
    if (verb === 'create') throw apiError(403, 'Forbidden')
  }
  await old.lead(term.signal)
  expect(old.keyring.newest()?.name).toBe('waxwing-key-1')
})

describe('how many objects depend on a key', () => {
  const objectOf = (id: string) => ({ envelopes: [{ recipients: [{ key: id }] }] })
  const statusWrites = (kube: FakeKube) => kube.writes().filter((write) => write.includes('/status'))

  async function counted(kube: FakeKube, objects: number) {
    const keys = service(kube, { everyMs: 0 }, Date.now)
    await keys.listed
    const id = (await kube.list(SEALING_KEYS)).items[0]?.metadata.name ?? ''
    for (let i = 0; i < objects; i++) keys.see(`shop/${i}`, objectOf(id))
    keys.counted()
    await keys.lead(term.signal)
    await until('published', async () => keys.keyring.newest())
    return { keys, id: keys.keyring.newest()?.public.id ?? '' }
  }

  test('is not known before all are seen', async () => {
    const keys = service(createFakeKube())
    expect(keys.usage()).toBeUndefined()
    keys.counted()
    expect(keys.usage()?.size).toBe(0)
  })

  test('is written a moment after a change, then seldom, and not again after a restart', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'], now: 1e12 })
    try {
      const kube = createFakeKube()
      const { keys, id } = await counted(kube, 0)
      const usage = () => kube.find<{ status?: unknown } & KubeObject>(SEALING_KEYS, { name: id })?.status
      await vi.advanceTimersByTimeAsync(60_000)
      expect(usage()).toEqual({ usage: { waxwing: { usable: 0, needed: 0 } } })
      expect(statusWrites(kube)).toHaveLength(1)
      keys.see('shop/0', objectOf(id))
      await vi.advanceTimersByTimeAsync(1_100)
      expect(usage()).toEqual({ usage: { waxwing: { usable: 1, needed: 1 } } })
      // A storm of ten minutes.
      for (let i = 1; i <= 600; i++) {
        keys.see(`shop/${i}`, objectOf(id))
        await vi.advanceTimersByTimeAsync(1_000)
      }
      await vi.advanceTimersByTimeAsync(60_000)
      expect(usage()).toEqual({ usage: { waxwing: { usable: 601, needed: 601 } } })
      expect(statusWrites(kube).length).toBeLessThanOrEqual(2 + 600 / 10 + 1)

      term.abort()
      await keys.rest()
      term = new AbortController()
      const before = kube.writes().length
      await counted(kube, 601)
      await vi.advanceTimersByTimeAsync(120_000)
      expect(kube.writes().slice(before)).toEqual([])
    } finally {
      vi.useRealTimers()
    }
  })

  test('what changes and changes back is not written', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'], now: 1e12 })
    try {
      const kube = createFakeKube()
      const { keys, id } = await counted(kube, 0)
      await vi.advanceTimersByTimeAsync(60_000)
      const before = kube.writes().length
      keys.see('shop/x', objectOf(id))
      keys.see('shop/x')
      await vi.advanceTimersByTimeAsync(60_000)
      expect(kube.writes()).toHaveLength(before)
    } finally {
      vi.useRealTimers()
    }
  })
})

test('what is published follows the key Secrets', async () => {
  const kube = createFakeKube()
  const keys = service(kube)
  await keys.listed
  await keys.lead(term.signal)
  const label = (state: string) =>
    kube.mergePatch(
      SECRETS,
      { namespace, name: 'waxwing-key-1' },
      { metadata: { labels: { [KEY_LABEL]: state } } },
    )
  const published = async (state: string) =>
    (await kube.list(SEALING_KEYS, { labelSelector: `${KEY_LABEL}=${state}` })).items.length
  await until('published', async () => (await published('active')) === 1)
  await label('retired')
  await until(
    'a new one',
    async () => (await published('active')) === 1 && (await published('retired')) === 1,
  )
  await label('active')
  await until('both', async () => (await published('active')) === 2)
  await kube.delete(SECRETS, { namespace, name: 'waxwing-key-1' })
  await until('taken back', async () => (await published('active')) === 1)
})
