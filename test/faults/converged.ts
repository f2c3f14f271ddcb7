import { deferred } from '../../controller/deferred.ts'
import type { SealedObject } from '../../controller/objects.ts'
import { onAbort, sleep } from '../../shared/kube/abort.ts'
import type { Kube, KubeObject, Resource } from '../../shared/kube/port.ts'
import { reflect, sourceOf } from '../../shared/kube/reflector.ts'
import { SEALED_SECRETS, SECRETS } from '../../shared/kube/resources.ts'
import { isDone } from './outcome.ts'

/** By name, the version of each Secret. */
export async function versionsOf(kube: Kube, namespace: string): Promise<Map<string, string | undefined>> {
  const { items } = await kube.list(SECRETS, { namespace, metadataOnly: true })
  return new Map(items.map(({ metadata }) => [metadata.name, metadata.resourceVersion]))
}

/**
 * Ends when all is done, by what statuses and versions say, or else after `giveUpMs`; says which. So that looking costs the API
 * server next to nothing, it watches, of Secrets their metadata alone, and SealedSecrets not before every Secret has another
 * version than `before`. Values are for who looks afterwards.
 */
export async function converged(
  kube: Kube,
  namespace: string,
  names: Iterable<string>,
  before: ReadonlyMap<string, string | undefined>,
  giveUpMs: number,
): Promise<boolean> {
  const end = new AbortController()
  const timer = setTimeout(() => end.abort(), giveUpMs)
  const objects = new Map<string, SealedObject>()
  const secrets = new Map<string, KubeObject>()
  const awaited = new Set(names)
  const waiting = new Set(awaited)
  const unwritten = new Set(awaited)
  const written = deferred()
  onAbort(end.signal, written.resolve)

  function judgeAnew(name: string): void {
    const version = secrets.get(name)?.metadata.resourceVersion
    if (version !== undefined && version !== before.get(name)) unwritten.delete(name)
    if (unwritten.size === 0) written.resolve()
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
      if (change.type === 'synced') continue
      const { name } = change.type === 'upsert' ? change.object.metadata : change.id
      if (change.type === 'upsert') seen.set(name, change.object)
      else seen.delete(name)
      judgeAnew(name)
    }
  }

  const statuses = written.promise.then(() => follow(SEALED_SECRETS, objects, false))
  await Promise.all([follow(SECRETS, secrets, true), statuses])
  clearTimeout(timer)
  return waiting.size === 0
}

const briefly = (ms: number, signal: AbortSignal) => sleep(Math.min(ms, 200), signal)
