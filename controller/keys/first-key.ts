import type { MlKem } from '../../shared/crypto/kem/types.ts'
import type { Random } from '../../shared/crypto/xwing.ts'
import { isAlreadyExists } from '../../shared/kube/errors.ts'
import type { Kube } from '../../shared/kube/port.ts'
import { SECRETS } from '../../shared/kube/resources.ts'
import type { Log } from '../log.ts'
import type { SecretObject } from '../objects.ts'
import type { Seeds } from './at-rest/seeds.ts'
import { type KeyReading, newKeySecret, readKeySecret } from './key-secret.ts'
import { keySelection } from './keyring.ts'
import { keyLifetimeMs, type Renewal, renewalDue } from './renewal.ts'

export interface FirstKeyParts {
  kube: Pick<Kube, 'list' | 'create'>
  kem: MlKem
  seeds: Pick<Seeds, 'open' | 'store'>
  namespace: string
  holder: string
  renewal: Renewal
  /** Bytes for the seed. */
  random: Random
  now: () => number
  log: Log
  signal: AbortSignal
}

/** Thrown where there may be a key though none can be used: making a second one would split the cluster in two. */
export class KeyInDoubt extends Error {
  override readonly name = 'KeyInDoubt'
}

/**
 * The key Secrets there are, with a new one among them if no active key was there, or none that is new enough. Only a
 * list from the server itself says so: never a cache, never an error. Of several controllers that try together one
 * creates the Secret, because all of them try the same name, and the others find it.
 */
export async function ensureKey(parts: FirstKeyParts): Promise<SecretObject[]> {
  const { kube, kem, seeds, namespace, holder, renewal, log, signal } = parts
  for (let taken = 0; ; taken++) {
    const { items } = await kube.list<SecretObject>(SECRETS, keySelection(namespace), { signal })
    const readings = await Promise.all(items.map((item) => readKeySecret(kem, item, seeds.open)))
    const keys = readings.flatMap((reading) => (reading.kind === 'key' ? [reading.key] : []))
    const now = parts.now()
    if ((renewalDue(keys, renewal, now) ?? Infinity) > now) return items
    const active = keys.some(({ state }) => state === 'active')
    const doubt = whyInDoubt(readings, active)
    if (doubt !== undefined)
      throw new KeyInDoubt(`there is a key Secret with a wrapped seed that is of no use now: ${doubt}`)
    if (items.length > 0 && !active) warn(log, readings)
    const name = `waxwing-key-${lastNumber(items) + 1 + taken}`
    const key = {
      name,
      namespace,
      holder,
      seed: parts.random(32),
      now,
      lifetimeMs: keyLifetimeMs(renewal),
    }
    const secret = await newKeySecret(kem, key, seeds.store)
    try {
      const created = await kube.create(SECRETS, secret, { signal })
      log.info({ secret: name }, 'made a sealing key')
      return [...items, created]
    } catch (error) {
      // Another controller's, which the next list shows; or a stranger of that name, and then the next number is tried.
      if (!isAlreadyExists(error)) throw error
    }
  }
}

/** Keys go, and their numbers with them; a new one gets the next after all that are there. */
const lastNumber = (items: readonly SecretObject[]): number =>
  Math.max(
    items.length,
    ...items.map(({ metadata }) => Number(/^waxwing-key-(\d{1,9})$/.exec(metadata.name)?.[1] ?? 0)),
  )

/** What is wrapped may be the newest key. What opened, and is none, only counts where there is no other. */
function whyInDoubt(readings: readonly KeyReading[], active: boolean): string | undefined {
  for (const reading of readings) {
    if (reading.kind === 'wrapped') return reading.why
    if (reading.kind === 'malformed' && reading.doubt && !active) return reading.why
  }
  return undefined
}

function warn(log: Log, readings: readonly KeyReading[]): void {
  const malformed = readings.filter(({ kind }) => kind === 'malformed').length
  if (malformed > 0)
    log.error(
      { malformed, retired: readings.length - malformed },
      'no usable active sealing key, though there are key Secrets: making a new key. What was sealed for a malformed one does not open until it is repaired',
    )
  else log.warn({ retired: readings.length }, 'all sealing keys are retired: making a new one')
}
