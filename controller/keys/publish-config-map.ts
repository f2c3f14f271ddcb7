import { configMapData, countsOf, KEY_CONFIG_MAP } from '../../shared/keys/key-config-map.ts'
import { PUBLISHED_BY_LABEL } from '../../shared/keys/labels.ts'
import { unlessGone } from '../../shared/kube/errors.ts'
import type { KubeObject } from '../../shared/kube/port.ts'
import { CONFIG_MAPS } from '../../shared/kube/resources.ts'
import type { Publication, PublisherParts } from './publication.ts'

type ConfigMap = KubeObject & { data?: Record<string, string> }

/** All keys in one ConfigMap. One of that name that somebody else made is left alone. */
export async function publishInConfigMap(
  { keys, complete }: Publication,
  parts: PublisherParts,
): Promise<void> {
  const { kube, namespace, counter, log, signal } = parts
  const id = { namespace, name: KEY_CONFIG_MAP }
  const wanted = configMapData(keys, counter)
  const there = await unlessGone(kube.get<ConfigMap>(CONFIG_MAPS, id, { signal }))
  if (!there) {
    const metadata = { ...id, labels: { [PUBLISHED_BY_LABEL]: namespace } }
    await kube.create(
      CONFIG_MAPS,
      { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: wanted },
      { signal },
    )
  } else if (there.metadata.labels?.[PUBLISHED_BY_LABEL] !== namespace) {
    log.warn({ configMap: KEY_CONFIG_MAP }, 'keys are not published: a ConfigMap of that name is not ours')
  } else {
    const change = changeOf(there.data, wanted, complete ? countsOf(counter) : undefined)
    if (Object.keys(change).length > 0) await kube.mergePatch(CONFIG_MAPS, id, { data: change }, { signal })
  }
}

/** Takes ours away, once SealingKey objects have everything that is in it: what nobody keeps up would tell of keys that are retired by now. */
export async function clearConfigMap({ kube, namespace, log, signal }: PublisherParts): Promise<void> {
  const id = { namespace, name: KEY_CONFIG_MAP }
  const there = await unlessGone(kube.get<ConfigMap>(CONFIG_MAPS, id, { signal }))
  if (there?.metadata.labels?.[PUBLISHED_BY_LABEL] !== namespace) return
  const { uid, resourceVersion } = there.metadata
  const version = { ...(uid && { uid }), ...(resourceVersion && { resourceVersion }) }
  await unlessGone(kube.delete(CONFIG_MAPS, id, { signal, ...version }))
  log.info({ configMap: KEY_CONFIG_MAP }, 'took away the ConfigMap that stood in for SealingKey objects')
}

/** As a merge patch. With `counts`, the name of our own, keys that are not wanted go; the counts of other controllers stay. */
function changeOf(
  there: Record<string, string> = {},
  wanted: Record<string, string>,
  counts: string | undefined,
): Record<string, string | null> {
  const gone = Object.keys(there).filter(
    (name) => wanted[name] === undefined && (name === counts || name.endsWith('.yaml')),
  )
  return {
    ...(counts !== undefined && Object.fromEntries(gone.map((name) => [name, null]))),
    ...Object.fromEntries(Object.entries(wanted).filter(([name, text]) => there[name] !== text)),
  }
}
