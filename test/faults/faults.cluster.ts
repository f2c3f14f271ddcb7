import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { REAL_START_MS } from '../contract/real.ts'
import type { Controller } from '../support/programs.ts'
import { type BrokenWay, breakable } from './broken-way.ts'
import { clientCertificate, EXPIRING_LOAD_MS, expired, tokenFile } from './identity-faults.ts'
import { createLoad, type Load, type Strike } from './load.ts'
import {
  CONVERGED_S,
  HALF_OPEN_S,
  LEADER_KILLED_S,
  LOAD_MS,
  OBJECTS,
  STARTS,
  TEST_MS,
  TOGETHER,
} from './numbers.ts'
import { judge } from './outcome.ts'
import { leaderKilled, leaderOf } from './replica-faults.ts'
import {
  clockJumps,
  cut,
  full,
  halfOpen,
  keysDeleted,
  killed,
  stormed,
  throttled,
  watchesHalfOpen,
} from './server-faults.ts'
import { type FaultSite, type Install, startSite } from './site.ts'
import { startBoth } from './starts.ts'

// Each fault prints one line; docs/controller.md says what its figures mean.

let site: FaultSite
beforeAll(async () => {
  site = await startSite()
}, REAL_START_MS)
afterAll(() => site?.stop())

const prepare = ({ namespace, key }: Install, overMs = LOAD_MS): Promise<Load> =>
  createLoad(site.kube, site.plane, key, { namespace, count: OBJECTS, overMs })

// First, while the control plane holds nothing that another fault has left: what has to be made up for takes all of the machine.
describe(`two replicas, and ${OBJECTS} objects`, { timeout: TEST_MS }, () => {
  test('leader killed', async () => {
    const install = await site.install('pair')
    const { kubeconfig, flags } = install
    const replicas = [await site.start(kubeconfig, flags), await site.start(kubeconfig, flags)]
    const load = await prepare(install)
    await load.begin(performance.now())
    const leader = await leaderOf(replicas)
    const strike = leaderKilled(leader, replicas)
    judge('leader killed', await load.during(strike), LEADER_KILLED_S)
    for (const replica of replicas) await replica.end('SIGKILL')
  })
})

describe(`one controller, which lives through it all, and ${OBJECTS} objects`, { timeout: TEST_MS }, () => {
  let install: Install
  let way: BrokenWay
  let controller: Controller
  let load: Load

  beforeAll(async () => {
    install = await site.install('lone')
    way = await breakable(site, install)
    const clock = join(import.meta.dirname, 'clock.mjs')
    controller = await site.start(way.kubeconfig, install.flags, ['--import', clock])
    load = await prepare(install)
    judge('first sync', await load.begin(performance.now()), TEST_MS / 1000)
  }, TEST_MS)
  afterAll(async () => {
    await controller?.end('SIGTERM')
    await way?.close()
  })

  test.each<[string, () => Strike]>([
    ['API server killed', () => killed(site, 'apiserver')],
    ['etcd killed', () => killed(site, 'etcd')],
    ['connections cut', () => cut(way)],
    ['connections half open', () => halfOpen(way)],
    ['429 with Retry-After', () => throttled(way)],
    ['409 storm', () => stormed(site, install)],
    ['etcd full', () => full(site)],
    ['clock jumps', () => clockJumps(site, install, controller)],
    ['key Secret deleted', () => keysDeleted(site, install)],
  ])('%s', async (fault, strike) => judge(fault, await load.during(strike()), CONVERGED_S))
})

// These mostly wait, and each has a controller and namespaces of its own.
describe('and apart from each other', { concurrent: TOGETHER, timeout: TEST_MS }, () => {
  test('both replicas started at once', async () => {
    const starts = []
    for (let round = 1; round <= STARTS; round++) starts.push(await startBoth(site, round, OBJECTS / STARTS))
    const outcomes = starts.map(({ outcome }) => outcome)
    const all = (what: 'lost' | 'stuck' | 'duplicates') => outcomes.flatMap((outcome) => outcome[what])
    const longest = (what: 'seconds' | 'applyingSeconds') =>
      Math.max(...outcomes.map((outcome) => outcome[what]))
    const sum = {
      lost: all('lost'),
      stuck: all('stuck'),
      duplicates: all('duplicates'),
      seconds: longest('seconds'),
      applyingSeconds: longest('applyingSeconds'),
    }
    judge(`both replicas started at once, ${STARTS} times`, sum, CONVERGED_S)
    expect(starts.map(({ keys, leaders }) => ({ keys, leaders }))).toEqual(
      Array.from({ length: STARTS }, () => ({ keys: 1, leaders: 1 })),
    )
  })

  test('watches half open', async () => {
    const install = await site.install('quiet')
    const way = await breakable(site, install)
    const controller = await site.start(way.kubeconfig, install.flags)
    const load = await prepare(install)
    await load.begin(performance.now())
    judge('watches half open', await load.during(watchesHalfOpen(way)), HALF_OPEN_S)
    await controller.end('SIGKILL')
    await way.close()
  })

  test.each([
    ['token expired, then rotated', 'token', tokenFile],
    ['client certificate expired, then rotated', 'certificate', clientCertificate],
  ])('%s', async (fault, name, make) => {
    const install = await site.install(name)
    const first = await site.start(install.kubeconfig, install.flags)
    const load = await prepare(install, EXPIRING_LOAD_MS)
    await load.begin(performance.now())
    await first.end('SIGTERM')
    const identity = await make(site, install)
    const controller = await site.start(identity.kubeconfig, install.flags)
    judge(fault, await load.during(expired(identity, controller), identity.expires - 1_000), CONVERGED_S)
    await controller.end('SIGKILL')
  })
})
