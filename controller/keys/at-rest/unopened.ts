import { sleep } from '../../../shared/kube/abort.ts'
import { createBackoff } from '../../../shared/kube/backoff.ts'
import type { SecretObject } from '../../objects.ts'

/** Key Secrets whose seed nobody would open: tried again until somebody does, or until they are gone. */
export interface Unopened {
  add(secret: SecretObject): void
  /** It is open, or gone, or another one. */
  remove(name: string): void
}

/** The provider is near, and what it opens is waited for. */
const CAP_MS = 5_000

/** `attempt`: whether it is settled; does not throw. */
export function createUnopened(
  attempt: (secret: SecretObject) => Promise<boolean>,
  random: () => number,
  signal: AbortSignal,
): Unopened {
  const secrets = new Map<string, SecretObject>()
  let running = false

  async function run(): Promise<void> {
    const backoff = createBackoff(random)
    while (secrets.size > 0 && !signal.aborted) {
      await sleep(Math.min(CAP_MS, backoff.next()), signal)
      for (const [name, secret] of [...secrets]) {
        // Another one may have come by that name in the meantime.
        const current = () => !signal.aborted && secrets.get(name) === secret
        if (current() && (await attempt(secret)) && current()) secrets.delete(name)
      }
    }
    running = false
  }

  return {
    add(secret) {
      secrets.set(secret.metadata.name, secret)
      if (running) return
      running = true
      void run()
    },
    remove: (name) => void secrets.delete(name),
  }
}
