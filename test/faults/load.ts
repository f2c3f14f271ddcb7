import { setTimeout as sleep } from 'node:timers/promises'
import type { SealedObject } from '../../controller/objects.ts'
import type { RecipientKey } from '../../shared/format/seal.ts'
import { isAlreadyExists, unlessGone } from '../../shared/kube/errors.ts'
import type { Kube, ObjectId, Resource } from '../../shared/kube/port.ts'
import { SEALED_SECRETS, SECRETS } from '../../shared/kube/resources.ts'
import { seal } from '../contract/controller-site.ts'
import type { ControlPlane } from '../controlplane/start.ts'
import { canary } from '../support/canary.ts'
import { until } from '../support/programs.ts'
import { converged } from './converged.ts'
import { look, type Outcome } from './outcome.ts'
import { inParallel, persistently } from './persistence.ts'

/** What a fault does while objects are being applied. */
export type Strike = (names: readonly string[]) => Promise<Hit>

export interface Hit {
  /** The moment from which convergence counts, by `performance.now()`. */
  endedAt: number
  /** Writes of others to Secrets, by name. */
  others?: ReadonlyMap<string, number>
  /** What the test itself has to wait for afterwards. */
  meanwhile?: Promise<void>
}

/** Objects in one namespace. */
export interface Load {
  /** Applies them all for the first time; convergence counts from `startedAt`. */
  begin(startedAt: number): Promise<Outcome>
  /**
   * Applies them all again, half of them new and half of them changed, and strikes after a third of the time. Begins at
   * `at` by the wall clock, if that is still to come.
   */
  during(strike: Strike, at?: number): Promise<Outcome>
}

export interface LoadFigures {
  namespace: string
  count: number
  /** How long applying them takes, at least. */
  overMs: number
}

const GIVE_UP_MS = 120_000

export async function createLoad(
  kube: Kube,
  plane: Pick<ControlPlane, 'timesWritten'>,
  key: RecipientKey,
  { namespace, count, overMs }: LoadFigures,
): Promise<Load> {
  const { text: mark } = canary()
  const names = Array.from({ length: count }, (_, i) => `object-${i}`)
  const sealedValue = (name: string, version: number) => `${name} ${version} ${mark}`
  const versions: SealedObject[][] = [[], []]
  for (const [version, objects] of versions.entries())
    for (const name of names)
      objects.push(await seal(key, { value: sealedValue(name, version) }, { name, namespace }))
  let round = 0

  /** Returns when the last one was applied. */
  async function apply(fresh: ReadonlySet<string>): Promise<number> {
    const start = performance.now()
    await inParallel(versions[round % 2] ?? [], async (object, i) => {
      await sleep(Math.max(0, start + (overMs * i) / count - performance.now()))
      await persistently(() =>
        fresh.has(object.metadata.name) ? create(kube, object) : update(kube, object),
      )
    })
    return performance.now()
  }

  const expected = () => new Map(names.map((name) => [name, sealedValue(name, round % 2)]))
  const written = () => plane.timesWritten('secrets', namespace)

  async function settle(
    times: ReadonlyMap<string, number>,
    { endedAt, others, meanwhile }: Hit,
    appliedAt: number,
  ): Promise<Outcome> {
    const inTime = await converged(kube, namespace, names, GIVE_UP_MS)
    const seconds = secondsBetween(endedAt, performance.now())
    const applyingSeconds = secondsBetween(endedAt, appliedAt)
    await meanwhile
    if (inTime) await stable(written)
    const needed = (name: string) => (times.get(name) ?? 0) + (others?.get(name) ?? 0) + 1
    const duplicates = [...(await written())].filter(([name, times]) => times !== needed(name))
    return {
      ...(await look(kube, namespace, expected())),
      duplicates: duplicates.map(String),
      seconds,
      applyingSeconds,
    }
  }

  return {
    async begin(startedAt) {
      const appliedAt = await apply(new Set(names))
      return settle(new Map(), { endedAt: startedAt }, appliedAt)
    },
    async during(strike, at = 0) {
      round += 1
      const fresh = names.filter((_, i) => (i + round) % 2 === 0)
      // The objects first: of a Secret alone the controller would make another one.
      for (const resource of [SEALED_SECRETS, SECRETS])
        await inParallel(fresh, (name) => remove(kube, resource, { namespace, name }))
      const times = await written()
      await sleep(Math.max(0, at - Date.now()))
      const applied = apply(new Set(fresh))
      await sleep(overMs / 3)
      const hit = await strike(names)
      return settle(times, hit, await applied)
    },
  }
}

const secondsBetween = (start: number, end: number): number => Math.max(0, end - start) / 1000

// Not by server-side apply, which costs the API server more than all that the controller does about the object.

async function create(kube: Kube, object: SealedObject): Promise<void> {
  await kube.create(SEALED_SECRETS, object).catch((error: unknown) => {
    // The answer to an earlier attempt was lost.
    if (!isAlreadyExists(error)) throw error
  })
}

async function update(kube: Kube, { metadata, spec }: SealedObject): Promise<void> {
  const { namespace, name, annotations } = metadata
  const patch = { metadata: { annotations }, spec }
  await kube.mergePatch(SEALED_SECRETS, { ...(namespace && { namespace }), name }, patch)
}

/** Waits until two looks a second apart see the same. */
async function stable(written: () => Promise<Map<string, number>>): Promise<void> {
  let before: unknown
  const same = async () => {
    const last = before
    before = JSON.stringify([...(await written())])
    return last === before
  }
  await until('no more writes', same, 30_000, 1_000)
}

const remove = (kube: Kube, resource: Resource, id: ObjectId): Promise<void> =>
  unlessGone(kube.delete(resource, id))
