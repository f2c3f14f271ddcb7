import type { MlKem } from '../../shared/crypto/kem/types.ts'
import type { Random } from '../../shared/crypto/xwing.ts'
import { isAlreadyExists } from '../../shared/kube/errors.ts'
import type { Kube } from '../../shared/kube/port.ts'
import { SECRETS } from '../../shared/kube/resources.ts'
import type { Log } from '../log.ts'
import type { SecretObject } from '../objects.ts'
import { type KeyReading, newKeySecret, readKeySecret } from './key-secret.ts'
import { keySelection } from './keyring.ts'

export interface FirstKeyParts {
  kube: Pick<Kube, 'list' | 'create'>
  kem: MlKem
  namespace: string
  holder: string
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
 * The key Secrets there are, with a new one among them if no active key was there. Only a list from the server itself
 * says that there is none: never a cache, never an error. Of several controllers that start together one creates the
 * Secret, because all of them try the same name, and the others find it.
 */
export async function ensureKey(parts: FirstKeyParts): Promise<SecretObject[]> {
  const { kube, kem, namespace, holder, log, signal } = parts
  for (let taken = 0; ; taken++) {
    const { items } = await kube.list<SecretObject>(SECRETS, keySelection(namespace), { signal })
    const readings = await Promise.all(items.map((item) => readKeySecret(kem, item)))
    if (readings.some(isActive)) return items
    if (readings.some(({ kind }) => kind === 'wrapped'))
      throw new KeyInDoubt('a key Secret holds a wrapped seed, which this version cannot open')
    if (items.length > 0) warn(log, readings)
    const name = `waxwing-key-${items.length + 1 + taken}`
    const secret = await newKeySecret(kem, {
      name,
      namespace,
      holder,
      seed: parts.random(32),
      now: parts.now(),
    })
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

const isActive = (reading: KeyReading): boolean => reading.kind === 'key' && reading.key.state === 'active'

function warn(log: Log, readings: readonly KeyReading[]): void {
  const malformed = readings.filter(({ kind }) => kind === 'malformed').length
  if (malformed > 0)
    log.error(
      { malformed, retired: readings.length - malformed },
      'no usable active sealing key, though there are key Secrets: making a new key. What was sealed for a malformed one does not open until it is repaired',
    )
  else log.warn({ retired: readings.length }, 'all sealing keys are retired: making a new one')
}
