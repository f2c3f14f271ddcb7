import { SealError } from '../shared/errors.ts'
import { shortId } from '../shared/keys/id.ts'
import { KEY_LABEL, type KeyState } from '../shared/keys/labels.ts'
import type { PublishedKey } from '../shared/keys/published.ts'
import type { Kube, KubeObject } from '../shared/kube/port.ts'
import { SECRETS } from '../shared/kube/resources.ts'
import { clusterError } from './cluster.ts'

/** The Secret of a private key, by name; its content is not asked for. */
export interface KeySecret {
  namespace: string
  name: string
  resourceVersion?: string
}

export async function findKeySecret(
  kube: Kube,
  { key, secret: name, publisher }: PublishedKey,
  controllerNamespace: string,
  signal: AbortSignal,
): Promise<KeySecret> {
  const namespace = publisher ?? controllerNamespace
  if (name === undefined)
    throw new SealError('key-unknown', `no Secret is named as the one that holds ${shortId(key.id)}`)
  // What is published can be written by others than the controller: the Secret must bear its label.
  const selection = { namespace, labelSelector: KEY_LABEL, fieldSelector: `metadata.name=${name}` }
  const found = await kube
    .list<KubeObject>(SECRETS, { ...selection, metadataOnly: true }, { signal })
    .catch((error: unknown) => {
      throw signal.aborted ? signal.reason : clusterError(error)
    })
  const [secret] = found.items
  if (!secret)
    throw new SealError('key-unknown', `the Secret ${namespace}/${name} is not there, or holds no key`)
  const { resourceVersion } = secret.metadata
  return { namespace, name, ...(resourceVersion && { resourceVersion }) }
}

export async function labelKeySecret(
  kube: Kube,
  { namespace, name, resourceVersion }: KeySecret,
  state: KeyState,
  signal: AbortSignal,
): Promise<void> {
  const metadata = { labels: { [KEY_LABEL]: state }, ...(resourceVersion && { resourceVersion }) }
  await kube.mergePatch(SECRETS, { namespace, name }, { metadata }, { signal }).catch((error: unknown) => {
    throw signal.aborted ? signal.reason : clusterError(error)
  })
}
