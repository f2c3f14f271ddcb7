import { chooseKem } from '../shared/crypto/kem/choose.ts'
import { isKeySecret, keptSecret } from '../shared/keys/backup/contents.ts'
import { type KnownKey, knownKey } from '../shared/keys/backup/facts.ts'
import { shortId } from '../shared/keys/id.ts'
import { BITNAMI_KEY_LABEL, KEY_LABEL } from '../shared/keys/labels.ts'
import type { Kube, KubeObject } from '../shared/kube/port.ts'
import { SECRETS } from '../shared/kube/resources.ts'
import { printable } from './render/paint.ts'

interface SecretObject extends KubeObject {
  type?: string
  immutable?: boolean
  data?: Record<string, string>
}

interface KeysInCluster {
  keys: KnownKey[]
  /** The names of Secrets that have the label of a key, and are of another type: no controller uses them. */
  strangers: string[]
}

/** The Secrets of a namespace that hold private keys: ours, and those of Bitnami's controller. */
export async function keysInCluster(
  kube: Pick<Kube, 'list'>,
  namespace: string,
  signal: AbortSignal,
): Promise<KeysInCluster> {
  const [kem, ...lists] = await Promise.all([
    chooseKem(),
    ...[KEY_LABEL, BITNAMI_KEY_LABEL].map((labelSelector) =>
      kube.list<SecretObject>(SECRETS, { namespace, labelSelector }, { signal }),
    ),
  ])
  const secrets = new Map(lists.flatMap(({ items }) => items).map((item) => [item.metadata.name, item]))
  const kept = [...secrets.values()].map(keptSecret)
  return {
    keys: await Promise.all(kept.filter(isKeySecret).map((secret) => knownKey(kem, secret))),
    strangers: kept.filter((secret) => !isKeySecret(secret)).map(({ name }) => name),
  }
}

/** What is told of a key, as columns. */
export const keyRow = ({ secret: { name }, facts }: KnownKey, shownName = name): string[] => [
  printable(shownName),
  printable(facts.state),
  facts.form === 'malformed' ? 'malformed' : idOf(facts.id ?? ''),
  printable(facts.holder ?? (facts.kind === 'bitnami' ? 'Bitnami' : '')),
  (facts.notBefore ?? '').slice(0, 10),
  ...(facts.form === 'wrapped' ? [printable(`wrapped by ${facts.by}`)] : []),
]

const idOf = (id: string): string => (id.startsWith('wx') ? shortId(id) : `${id.slice(0, 15)}…`)
