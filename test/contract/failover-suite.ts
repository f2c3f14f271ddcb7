import { afterAll, beforeAll, expect, test } from 'vitest'
import type { SealedObject } from '../../controller/objects.ts'
import type { RecipientKey } from '../../shared/format/seal.ts'
import { SEALED_SECRETS, SECRETS } from '../../shared/kube/resources.ts'
import { until } from '../support/programs.ts'
import type { ContractCluster } from './cluster.ts'
import {
  type ControllerSite,
  find,
  isReady,
  publishedKey,
  put,
  type RunningController,
  reached,
  seal,
  startSite,
  values,
} from './controller-site.ts'
import { staleWrites } from './lease-audit.ts'

export interface FailoverNumbers {
  leaseSeconds: number
  /** How many objects there are that nothing may be written for. */
  objects: number
  /** How long a leader is held still: longer than the lease lasts. */
  stoppedMs: number
  /** From a kill -9 to the next write, at most. */
  killedMs: number
}

/** Two replicas, of which one is ended in every way there is; each write is compared with who had the lease. */
export function failoverContract(
  makeCluster: () => Promise<ContractCluster>,
  startMs: number,
  { leaseSeconds, objects: count, stoppedMs, killedMs }: FailoverNumbers,
): void {
  let site: ControllerSite
  let replicas: RunningController[] = []
  let key: RecipientKey
  const start = () => site.start(['--lease-duration', String(leaseSeconds)])

  beforeAll(async () => {
    site = await startSite(makeCluster)
    replicas = await Promise.all([start(), start()])
    key = await publishedKey(site.kube)
  }, startMs)
  afterAll(() => site?.stop())

  const metric = async ({ metricsUrl }: RunningController, name: string) => {
    const text = await (await fetch(`${metricsUrl}/metrics`)).text()
    return Number(
      text
        .split('\n')
        .find((line) => line.startsWith(`${name} `))
        ?.slice(name.length),
    )
  }
  const leads = async (replica: RunningController) => (await metric(replica, 'waxwing_leader')) === 1
  const waiting = (replica: RunningController) => metric(replica, 'waxwing_queue_depth{state="waiting"}')
  /** The leader first. */
  const sorted = () =>
    until('one leader', async () => {
      const leading = await Promise.all(replicas.map(leads))
      if (leading.filter(Boolean).length !== 1) return false
      const at = leading.indexOf(true)
      return [replicas[at], replicas[1 - at]] as [RunningController, RunningController]
    })
  /** Waits until two looks a second apart see no write in between. */
  const quiet = async () => {
    for (let before = -1, now = 0; before !== now; ) {
      before = (await site.writes()).length
      await new Promise((resolve) => setTimeout(resolve, 1_000))
      now = (await site.writes()).length
    }
  }
  const sync = async (name: string) => {
    await put(site.kube, await seal(key, { a: name }, { name }))
    const start = performance.now()
    await reached(site.kube, name, 'Synced')
    return performance.now() - start
  }

  test('both are ready, and one of them leads', async () => {
    for (const replica of replicas) await until('ready', () => isReady(replica))
    await sorted()
    await sync('first')
  })

  test(`${count} objects are synced`, async () => {
    const names = Array.from({ length: count }, (_, i) => `one-of-${i}`)
    const create = async () => {
      for (let name = names.pop(); name !== undefined; name = names.pop())
        await site.kube.create(SEALED_SECRETS, await seal(key, { a: name }, { name }))
    }
    await Promise.all(Array.from({ length: 8 }, create))
    await until(
      'all are Ready',
      async () => {
        const { items } = await site.kube.list<SealedObject>(SEALED_SECRETS, { namespace: 'shop' })
        return items.filter(({ status }) => status?.conditions?.[0]?.status === 'True').length === count + 1
      },
      120_000,
    )
  })

  test('both end and start again, and the watches are lost: nothing is written', async () => {
    await quiet()
    const before = (await site.writes()).length
    for (const replica of replicas) await replica.end('SIGTERM')
    replicas = await Promise.all([start(), start()])
    for (const replica of replicas) await until('ready', () => isReady(replica))
    await sorted()
    await quiet()
    await site.cluster.loseWatches()
    const [leader, follower] = await sorted()
    await quiet()
    expect((await site.writes()).slice(before)).toEqual([])
    // What a follower has heard of waits for the day when it leads.
    const known = await waiting(follower)
    await sync('heard')
    await until('the follower hears as well', async () => (await waiting(follower)) > known)
    expect(await waiting(leader)).toBe(0)
  })

  test('the leader ends orderly: the other works within two seconds, and writes nothing without need', async () => {
    const [leader, follower] = await sorted()
    const before = (await site.writes()).length
    await leader.end('SIGTERM')
    const ended = performance.now()
    await until('the other leads', () => leads(follower))
    expect(performance.now() - ended).toBeLessThan(2_000)
    expect(await sync('after-stop')).toBeLessThan(2_000)
    const written = (await site.writes()).slice(before)
    expect(written.filter(({ name }) => name !== 'after-stop' && name !== '')).toEqual([])
    replicas = [follower, await start()]
    await until('ready', () => isReady(replicas[1] ?? follower))
  })

  test(`the leader is killed: the other works within ${killedMs / 1000} s`, async () => {
    const [leader, follower] = await sorted()
    await leader.end('SIGKILL')
    expect(await sync('after-kill')).toBeLessThan(killedMs)
    replicas = [follower, await start()]
    await until('ready', () => isReady(replicas[1] ?? follower))
  })

  test(`the leader is held still for ${stoppedMs / 1000} s and goes on: it has written nothing stale`, async () => {
    const [leader, follower] = await sorted()
    // Work for it to be stopped in the middle of, and work that it does not know of yet when it goes on.
    const names = Array.from({ length: 40 }, (_, i) => `held-${i}`)
    const [early, late] = [names.slice(0, 20), names.slice(20)]
    const objects = await Promise.all(names.map((name) => seal(key, { a: name }, { name })))
    await Promise.all(objects.slice(0, 20).map((object) => put(site.kube, object)))
    process.kill(leader.pid, 'SIGSTOP')
    const continued = setTimeout(() => process.kill(leader.pid, 'SIGCONT'), stoppedMs)
    await until('the other leads', () => leads(follower), stoppedMs)
    for (const object of objects.slice(20)) await put(site.kube, object)
    await site.kube.mergePatch(SECRETS, { namespace: 'shop', name: 'first' }, { data: { a: 'eA==' } })
    for (const name of [...early, ...late]) await reached(site.kube, name, 'Synced')
    await until('drift put back', async () => (await values(site.kube, 'first')).a === 'first')
    await until('it goes on', () => isReady(leader), stoppedMs + 10_000)
    clearTimeout(continued)
    await sync('afterwards')
    expect(await leads(leader)).toBe(false)
    expect(await find(site.kube, SECRETS, 'afterwards')).toBeDefined()
  })

  test('every write of all this was made by the holder of the lease', async () => {
    const audit = await site.cluster.audit()
    expect(staleWrites(audit)).toEqual([])
    const holders = audit.filter(({ resource, code }) => resource === 'leases' && code < 300)
    expect(new Set(holders.map(({ userAgent }) => userAgent)).size).toBeGreaterThanOrEqual(3)
  })
}
