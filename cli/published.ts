import { SealError } from '../shared/errors.ts'
import { toPlain } from '../shared/format/plain.ts'
import { KEY_CONFIG_MAP, readConfigMap } from '../shared/keys/key-config-map.ts'
import { type PublishedKey, readPublishedKeys } from '../shared/keys/published.ts'
import { isForbidden, isNotFound } from '../shared/kube/errors.ts'
import type { Kube, KubeObject } from '../shared/kube/port.ts'
import { CONFIG_MAPS, SEALING_KEYS } from '../shared/kube/resources.ts'
import { readDocuments } from '../shared/ops/documents.ts'
import { askService, type ClusterOptions, clusterError } from './cluster.ts'

/**
 * What the controller publishes: SealingKey objects, else the ConfigMap that stands in for them. None where neither is
 * there, or to be read by this user.
 */
export async function publishedKeys(
  kube: Kube,
  options: ClusterOptions,
  signal: AbortSignal,
): Promise<PublishedKey[]> {
  const list = await allowed(kube.list<KubeObject>(SEALING_KEYS, {}, { signal }), signal)
  const published = ofController(readPublishedKeys(list?.items ?? []), options.controllerNamespace)
  if (published.length > 0) return published
  const id = { namespace: options.controllerNamespace, name: KEY_CONFIG_MAP }
  type ConfigMap = KubeObject & { data?: Record<string, string> }
  const map = await allowed(kube.get<ConfigMap>(CONFIG_MAPS, id, { signal }), signal)
  return readConfigMap(map?.data ?? {})
}

/** The same with the counts, active keys first and newest first; what is not published its Service is asked for. */
export async function countedKeys(
  kube: Kube,
  options: ClusterOptions,
  signal: AbortSignal,
): Promise<PublishedKey[]> {
  const published = await publishedKeys(kube, options, signal)
  const keys = published.length > 0 ? published : await servedKeys(kube, options, signal)
  const rank = ({ state, key }: PublishedKey) => (state === 'active' ? 1e15 : 0) + Date.parse(key.notBefore)
  return keys.sort((a, b) => rank(b) - rank(a))
}

async function servedKeys(kube: Kube, options: ClusterOptions, signal: AbortSignal): Promise<PublishedKey[]> {
  const text = await askService(kube, '/v1/keys?usage=1', options, signal)
  const { documents } = readDocuments(`Service ${options.controllerName}`, text)
  const keys = readPublishedKeys(
    documents.flatMap(({ root }) => (root ? [toPlain(root).data as object] : [])),
  )
  if (keys.length > 0) return keys
  throw new SealError('key-malformed', `Service ${options.controllerName}: what it answers is no key`)
}

/** Of several controllers the one that is meant; a single one need not be named. */
function ofController(keys: readonly PublishedKey[], namespace: string): PublishedKey[] {
  const publishers = [...new Set(keys.map(({ publisher = '' }) => publisher))]
  const meant = publishers.includes(namespace) ? namespace : publishers[0]
  if (meant !== namespace && publishers.length > 1)
    throw new SealError(
      'key-missing',
      `several controllers publish keys: ${publishers.filter(Boolean).join(', ')}`,
      {
        hint: 'Name the one that is meant by --controller-namespace.',
      },
    )
  return keys.filter(({ publisher = '' }) => publisher === meant)
}

async function allowed<T>(request: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  try {
    return await request
  } catch (error) {
    if (isNotFound(error) || isForbidden(error)) return undefined
    throw signal.aborted ? signal.reason : clusterError(error)
  }
}
