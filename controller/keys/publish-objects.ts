import { KEY_LABEL, KEY_SECRET_ANNOTATION, PUBLISHED_BY_LABEL } from '../../shared/keys/labels.ts'
import { type KeyUsage, type PublishedKey, publishedKeyObject } from '../../shared/keys/published.ts'
import { isAlreadyExists, isNotFound } from '../../shared/kube/errors.ts'
import type { KubeObject } from '../../shared/kube/port.ts'
import { SEALING_KEYS } from '../../shared/kube/resources.ts'
import type { Publication, PublisherParts } from './publication.ts'

type SealingKeyObject = KubeObject & {
  spec?: Record<string, string>
  status?: { usage?: Record<string, KeyUsage> }
}

/** One object for each key, named by its id. Those of other controllers, by their mark, are left alone. */
export async function publishObjects({ keys, complete }: Publication, parts: PublisherParts): Promise<void> {
  const { kube, namespace, signal } = parts
  const labelSelector = `${PUBLISHED_BY_LABEL}=${namespace}`
  const { items } = await kube.list<SealingKeyObject>(SEALING_KEYS, { labelSelector }, { signal })
  const ours = new Map(items.map((item) => [item.metadata.name, item]))
  for (const key of keys) {
    await publishOne(key, ours.get(key.key.id), parts)
    ours.delete(key.key.id)
  }
  // What only opens with another's help, or is being listed, may be behind one that seems to be gone.
  if (complete) for (const { metadata } of ours.values()) await takeBack(metadata, parts)
}

async function publishOne(
  key: PublishedKey,
  known: SealingKeyObject | undefined,
  parts: PublisherParts,
): Promise<void> {
  const { kube, namespace, counter, signal } = parts
  const id = { name: key.key.id }
  const wanted = wantedObject(key, namespace, counter)
  let there = known ?? (await createOrRead(wanted, parts))
  if ((there.metadata.labels?.[PUBLISHED_BY_LABEL] ?? namespace) !== namespace) return
  if (!sameTexts(there.spec, wanted.spec) || !hasMarks(there, wanted))
    there = await kube.mergePatch<SealingKeyObject>(SEALING_KEYS, id, changeOf(there, wanted), { signal })
  const [before, after] = [there.status?.usage?.[counter], key.usage]
  if (after && (before?.usable !== after.usable || before.needed !== after.needed))
    await kube.mergePatch(
      SEALING_KEYS,
      id,
      { status: { usage: { [counter]: after } } },
      { signal, subresource: 'status' },
    )
}

function wantedObject(key: PublishedKey, namespace: string, counter: string): SealingKeyObject {
  const { status: _, ...object } = publishedKeyObject(key, key.key.id, counter)
  const wanted = object as unknown as SealingKeyObject
  return {
    ...wanted,
    metadata: {
      ...wanted.metadata,
      labels: { ...wanted.metadata.labels, [PUBLISHED_BY_LABEL]: namespace },
    },
  }
}

/** Another replica may have been first, or somebody put it there; an unmarked one is made ours. */
async function createOrRead(
  wanted: SealingKeyObject,
  { kube, signal }: PublisherParts,
): Promise<SealingKeyObject> {
  try {
    return await kube.create(SEALING_KEYS, wanted, { signal })
  } catch (error) {
    if (!isAlreadyExists(error)) throw error
    return await kube.get<SealingKeyObject>(SEALING_KEYS, { name: wanted.metadata.name }, { signal })
  }
}

async function takeBack(
  { name, uid, resourceVersion }: KubeObject['metadata'],
  { kube, log, signal }: PublisherParts,
): Promise<void> {
  const version = { ...(uid && { uid }), ...(resourceVersion && { resourceVersion }) }
  try {
    await kube.delete(SEALING_KEYS, { name }, { signal, ...version })
    log.info({ key: name }, 'took back a SealingKey, because its private key is gone')
  } catch (error) {
    if (!isNotFound(error)) throw error
  }
}

const hasMarks = (there: SealingKeyObject, wanted: SealingKeyObject): boolean =>
  [KEY_LABEL, PUBLISHED_BY_LABEL].every(
    (label) => there.metadata.labels?.[label] === wanted.metadata.labels?.[label],
  ) &&
  there.metadata.annotations?.[KEY_SECRET_ANNOTATION] === wanted.metadata.annotations?.[KEY_SECRET_ANNOTATION]

/** As a merge patch: fields that are one too many go. */
function changeOf(there: SealingKeyObject, wanted: SealingKeyObject): Record<string, unknown> {
  const gone = Object.keys(there.spec ?? {}).filter((field) => wanted.spec?.[field] === undefined)
  const { labels, annotations } = wanted.metadata
  return {
    metadata: { labels, annotations },
    spec: { ...Object.fromEntries(gone.map((field) => [field, null])), ...wanted.spec },
  }
}

function sameTexts(a: Record<string, string> = {}, b: Record<string, string> = {}): boolean {
  const fields = new Set([...Object.keys(a), ...Object.keys(b)])
  return [...fields].every((field) => a[field] === b[field])
}
