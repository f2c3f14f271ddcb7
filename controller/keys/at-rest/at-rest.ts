import type { MlKem } from '../../../shared/crypto/kem/types.ts'
import type { SecretObject } from '../../objects.ts'
import { type KeyReading, readKeySecret } from '../key-secret.ts'
import { createRewrapping, type RewrapParts, type Seen } from './rewrap.ts'
import { storedSeed } from './stored.ts'
import { createUnopened } from './unopened.ts'

export interface AtRestParts extends RewrapParts {
  kem: MlKem
  /** Ends the attempts to open what is wrapped. */
  signal: AbortSignal
  /** Something that was wrapped opens by now. */
  opened: (secret: SecretObject) => Promise<unknown>
}

/** What becomes of key Secrets beyond being read once: opened later, and stored anew. */
export interface AtRest {
  /** A key Secret, as it was read just now. */
  saw(secret: SecretObject, reading: KeyReading): void
  gone(name: string): void
  /** This replica leads. */
  start(): void
  stop(): Promise<void>
}

export function createAtRest(parts: AtRestParts): AtRest {
  const { kem, seeds, log, random, signal, opened } = parts
  const seen = new Map<string, Seen>()
  const rewrapping = createRewrapping(parts, seen)
  const unopened = createUnopened(attempt, random, signal)

  async function attempt(secret: SecretObject): Promise<boolean> {
    const { name } = secret.metadata
    const before = seen.get(name)?.reading
    const reading = await readKeySecret(kem, secret, seeds.ask)
    // The keyring reads it once more, from memory.
    if (reading.kind !== 'wrapped') await opened(secret)
    else if (before?.kind === 'wrapped' && before.why !== reading.why) {
      seen.set(name, { secret, reading })
      log.error({ secret: name, why: reading.why }, 'a sealing key is still wrapped')
    }
    return reading.kind !== 'wrapped'
  }

  return {
    saw(secret, reading) {
      const { name } = secret.metadata
      seen.set(name, { secret, reading })
      if (reading.kind === 'wrapped') unopened.add(secret)
      else unopened.remove(name)
      if (reading.kind === 'key' && seeds.target !== 'plain' && storedSeed(secret).form === 'plain')
        log.warn(
          { secret: name },
          `the seed of a sealing key is stored in plain, though --at-rest is ${seeds.target}; \`waxwing keys rewrap-at-rest\` moves it`,
        )
      rewrapping.look(name)
    },
    gone(name) {
      seen.delete(name)
      unopened.remove(name)
      seeds.keepOnly(new Set([...seen.values()].flatMap(({ reading }) => idOf(reading))))
    },
    start: rewrapping.start,
    stop: rewrapping.stop,
  }
}

const idOf = (reading: KeyReading): string[] =>
  reading.kind === 'key' ? [reading.key.public.id] : reading.kind === 'wrapped' ? [reading.public.id] : []
