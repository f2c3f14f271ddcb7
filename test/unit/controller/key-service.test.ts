import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createSeeds } from '../../../controller/keys/at-rest/seeds.ts'
import type { Renewal } from '../../../controller/keys/renewal.ts'
import { createKeyService } from '../../../controller/keys/service.ts'
import { createPulse } from '../../../controller/pulse.ts'
import { chooseKem } from '../../../shared/crypto/kem/choose.ts'
import { KEY_LABEL, KEY_TYPE } from '../../../shared/keys/labels.ts'
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
    log: memoryLog(),
    renewal,
    now,
    random: () => 0.01,
    randomBytes: seededRandom(5),
    pulse: createPulse(() => 0),
    signal: end.signal,
    cut: end.signal,
    disconnected: () => undefined,
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
