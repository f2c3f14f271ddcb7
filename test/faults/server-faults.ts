import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'
import type { Lease } from '../../controller/leader/lease.ts'
import type { SecretObject } from '../../controller/objects.ts'
import { KEY_LABEL } from '../../shared/keys/labels.ts'
import type { ObjectId, Resource } from '../../shared/kube/port.ts'
import { LEASES, SEALED_SECRETS, SECRETS } from '../../shared/kube/resources.ts'
import { type Controller, until } from '../support/programs.ts'
import type { BrokenWay } from './broken-way.ts'
import type { Hit, Strike } from './load.ts'
import { LASTS_MS } from './numbers.ts'
import { inParallel, persistently } from './persistence.ts'
import type { FaultSite, Install } from './site.ts'

const now = (): Hit => ({ endedAt: performance.now() })

/** kill -9, and a start after a while; over when the API server says that it is ready. */
export function killed({ plane, kube }: FaultSite, part: 'apiserver' | 'etcd'): Strike {
  return async () => {
    await plane.kill(part, 'SIGKILL')
    await sleep(LASTS_MS)
    const restarted = plane.restart(part)
    await until('an answer', () => kube.raw('/readyz').catch(() => false as const), 60_000)
    return { ...now(), meanwhile: restarted }
  }
}

export function cut({ link }: BrokenWay): Strike {
  return async () => {
    for (let times = 0; times < 5; times++) {
      expect(link.open()).toBeGreaterThan(0)
      link.cut()
      await until('a new connection', async () => link.open() > 0)
      await sleep(LASTS_MS / 10)
    }
    return now()
  }
}

/** All connections there are. Nobody ends this but the controller. */
export function halfOpen({ link }: BrokenWay): Strike {
  return async () => {
    expect(link.open()).toBeGreaterThan(0)
    link.freeze()
    return now()
  }
}

/** The watches alone: requests are answered as ever. */
export function watchesHalfOpen({ gate }: BrokenWay): Strike {
  return async () => {
    expect(gate.freezeWatches()).toBe(4)
    return now()
  }
}

export function throttled({ gate }: BrokenWay): Strike {
  return async () => {
    gate.throttle(2)
    await sleep(LASTS_MS)
    gate.throttle(undefined)
    expect(gate.refused()).toBeGreaterThan(0)
    return now()
  }
}

/** Another writer labels objects and Secrets as fast as it can, so that what was read is never what is there. */
export function stormed({ kube }: FaultSite, { namespace }: Install): Strike {
  const label = (resource: Resource, name: string, round: number) =>
    kube.mergePatch(resource, { namespace, name }, { metadata: { labels: { storm: String(round) } } }).then(
      () => 1,
      () => 0,
    )
  return async (names) => {
    const others = new Map<string, number>()
    const end = performance.now() + LASTS_MS
    for (let round = 1; performance.now() < end; round++)
      await inParallel(names, async (name) => {
        if (performance.now() > end) return
        await label(SEALED_SECRETS, name, round)
        others.set(name, (others.get(name) ?? 0) + (await label(SECRETS, name, round)))
      })
    expect(Math.max(...others.values())).toBeGreaterThan(0)
    return { ...now(), others }
  }
}

export function full({ plane }: FaultSite): Strike {
  return async () => {
    await plane.setFull(true)
    await sleep(LASTS_MS)
    await plane.setFull(false)
    return now()
  }
}

/** An hour ahead, and then two hours back. */
export function clockJumps({ kube }: FaultSite, { own, namespace }: Install, controller: Controller): Strike {
  const lease: ObjectId = { namespace: own, name: namespace }
  return async () => {
    for (const hours of [1, -1]) {
      process.kill(controller.pid, 'SIGUSR2')
      await until(`a clock that is ${hours} h off`, async () => {
        const { spec } = await kube.get<Lease>(LEASES, lease)
        const off = Date.parse(spec?.renewTime ?? '') - Date.now()
        return Math.abs(off - hours * 3_600_000) < 60_000
      })
    }
    return now()
  }
}

/** All of them, and back after a while under another name. */
export function keysDeleted({ kube }: FaultSite, { own }: Install): Strike {
  return async () => {
    const selection = { namespace: own, labelSelector: KEY_LABEL }
    const { items } = await kube.list<SecretObject>(SECRETS, selection)
    expect(items).toHaveLength(1)
    for (const { metadata } of items) await kube.delete(SECRETS, { namespace: own, name: metadata.name })
    await sleep(LASTS_MS / 2)
    for (const { type = '', data = {}, metadata } of items) {
      const { labels = {} } = metadata
      const again = { metadata: { namespace: own, name: 'back', labels }, type, data }
      await persistently(() => kube.create<SecretObject>(SECRETS, again))
    }
    return now()
  }
}
