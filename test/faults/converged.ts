import type { SealedObject } from '../../controller/objects.ts'
import { sleep } from '../../shared/kube/abort.ts'
import type { Kube, KubeObject, Resource } from '../../shared/kube/port.ts'
import { reflect, sourceOf } from '../../shared/kube/reflector.ts'
import { SEALED_SECRETS, SECRETS } from '../../shared/kube/resources.ts'
import { isDone } from './outcome.ts'

/**
 * Ends when all is done, by what statuses and versions say, or else after `giveUpMs`; says which. So that looking costs the API
 * server next to nothing, it watches, and of Secrets their metadata alone. Values are for who looks afterwards.
 */
export async function converged(
  kube: Kube,
  namespace: string,
  names: Iterable<string>,
  giveUpMs: number,
): Promise<boolean> {
  const end = new AbortController()
  const timer = setTimeout(() => end.abort(), giveUpMs)
  const objects = new Map<string, SealedObject>()
  const secrets = new Map<string, KubeObject>()
  const awaited = new Set(names)
  const waiting = new Set(awaited)

  function judgeAnew(name: string): void {
    if (isDone(objects.get(name), secrets.get(name))) waiting.delete(name)
    else if (awaited.has(name)) waiting.add(name)
    if (waiting.size === 0) end.abort()
  }

  async function follow<T extends KubeObject>(
    resource: Resource,
    seen: Map<string, T>,
    metadataOnly: boolean,
  ): Promise<void> {
    const changes = reflect(sourceOf<T>(kube, resource, { namespace, metadataOnly }), {
      signal: end.signal,
      sleep: briefly,
    })
    for await (const change of changes) {
      if (change.type === 'synced' || change.type === 'listing') continue
      const { name } = change.type === 'upsert' ? change.object.metadata : change.id
      if (change.type === 'upsert') seen.set(name, change.object)
      else seen.delete(name)
      judgeAnew(name)
    }
  }

  await Promise.all([follow(SECRETS, secrets, true), follow(SEALED_SECRETS, objects, false)])
  clearTimeout(timer)
  return waiting.size === 0
}

const briefly = (ms: number, signal: AbortSignal) => sleep(Math.min(ms, 200), signal)
