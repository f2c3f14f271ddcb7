import type { SealedObject, SecretObject } from '../../controller/objects.ts'
import { sleep } from '../../shared/kube/abort.ts'
import type { Kube, KubeObject, Resource } from '../../shared/kube/port.ts'
import { reflect, sourceOf } from '../../shared/kube/reflector.ts'
import { SEALED_SECRETS, SECRETS } from '../../shared/kube/resources.ts'
import { isGood } from './outcome.ts'

/**
 * Ends when all is as it should be, or else after `giveUpMs`; says which. It watches, so that its looks cost the API server
 * next to nothing.
 */
export async function converged(
  kube: Kube,
  namespace: string,
  expected: ReadonlyMap<string, string>,
  giveUpMs: number,
): Promise<boolean> {
  const end = new AbortController()
  const timer = setTimeout(() => end.abort(), giveUpMs)
  const objects = new Map<string, SealedObject>()
  const secrets = new Map<string, SecretObject>()
  const waiting = new Set(expected.keys())

  function judgeAnew(name: string): void {
    if (isGood(expected.get(name), objects.get(name), secrets.get(name))) waiting.delete(name)
    else if (expected.has(name)) waiting.add(name)
    if (waiting.size === 0) end.abort()
  }

  async function follow<T extends KubeObject>(resource: Resource, seen: Map<string, T>): Promise<void> {
    const changes = reflect(sourceOf<T>(kube, resource, { namespace }), {
      signal: end.signal,
      sleep: briefly,
    })
    for await (const change of changes) {
      if (change.type === 'synced') continue
      const { name } = change.type === 'upsert' ? change.object.metadata : change.id
      if (change.type === 'upsert') seen.set(name, change.object)
      else seen.delete(name)
      judgeAnew(name)
    }
  }

  await Promise.all([follow(SEALED_SECRETS, objects), follow(SECRETS, secrets)])
  clearTimeout(timer)
  return waiting.size === 0
}

const briefly = (ms: number, signal: AbortSignal) => sleep(Math.min(ms, 200), signal)
