import { expect } from 'vitest'
import type { SealedObject, SecretObject } from '../../controller/objects.ts'
import type { Kube, KubeObject } from '../../shared/kube/port.ts'
import { SEALED_SECRETS, SECRETS } from '../../shared/kube/resources.ts'

/** What became of the objects that a fault hit: their names. */
export interface Outcome extends State {
  /** Secrets that were written more often than was needed, with how often they were. */
  duplicates: string[]
  /** Until everything was as it should be. */
  seconds: number
  /** How much of that went by before the last object was applied. */
  applyingSeconds: number
}

interface State {
  /** Secrets that are missing, or hold something else than was sealed. */
  lost: string[]
  /** Objects that are not Ready, or whose status names another generation or Secret. */
  stuck: string[]
}

/** `expected`: by object name, the value that its Secret has to hold. */
export async function look(
  kube: Kube,
  namespace: string,
  expected: ReadonlyMap<string, string>,
): Promise<State> {
  const [objects, secrets] = await Promise.all([
    kube.list<SealedObject>(SEALED_SECRETS, { namespace }),
    kube.list<SecretObject>(SECRETS, { namespace }),
  ])
  const objectOf = byName(objects.items)
  const secretOf = byName(secrets.items)
  const names = [...expected.keys()]
  return {
    lost: names.filter((name) => !holds(secretOf.get(name), expected.get(name))),
    stuck: names.filter((name) => !isDone(objectOf.get(name), secretOf.get(name))),
  }
}

const holds = (secret: SecretObject | undefined, value: string | undefined): boolean =>
  value !== undefined && valueIn(secret) === value

const byName = <T extends { metadata: { name: string } }>(items: readonly T[]): Map<string, T> =>
  new Map(items.map((item) => [item.metadata.name, item]))

function valueIn(secret: SecretObject | undefined): string | undefined {
  const { value, ...others } = secret?.data ?? {}
  if (value === undefined || Object.keys(others).length > 0) return undefined
  return Buffer.from(value, 'base64').toString()
}

/** Whether the status says that nothing is left to be done, of this very Secret as it is. */
export function isDone(object: SealedObject | undefined, secret: KubeObject | undefined): boolean {
  const { conditions = [], observedGeneration, secret: written } = object?.status ?? {}
  return (
    object !== undefined &&
    secret !== undefined &&
    conditions.some(({ type, status }) => type === 'Ready' && status === 'True') &&
    observedGeneration === object.metadata.generation &&
    written?.uid === secret.metadata.uid &&
    written?.resourceVersion === secret.metadata.resourceVersion
  )
}

/** Prints the line of a fault, and holds it to zeros and to its time. */
export function judge(
  fault: string,
  { lost, stuck, duplicates, seconds, applyingSeconds }: Outcome,
  limitSeconds: number,
): void {
  const counts = `lost ${lost.length}, stuck ${stuck.length}, duplicates ${duplicates.length}`
  const times = `converged in ${seconds.toFixed(1)} s (at most ${limitSeconds} s)`
  console.log(`${fault}: ${counts}, ${times}, the last object applied after ${applyingSeconds.toFixed(1)} s`)
  expect({ lost, stuck, duplicates }).toEqual({ lost: [], stuck: [], duplicates: [] })
  expect(seconds).toBeLessThanOrEqual(limitSeconds)
}
