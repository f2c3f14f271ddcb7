import { createSeeds } from '../../controller/keys/at-rest/seeds.ts'
import { readKeySecret } from '../../controller/keys/key-secret.ts'
import type { SecretObject } from '../../controller/objects.ts'
import { chooseKem } from '../../shared/crypto/kem/choose.ts'
import type { RecipientKey } from '../../shared/format/seal.ts'
import { KEY_LABEL } from '../../shared/keys/labels.ts'
import { NAMESPACES, SECRETS } from '../../shared/kube/resources.ts'
import { until } from '../support/programs.ts'
import { createLoad } from './load.ts'
import type { Outcome } from './outcome.ts'
import { led } from './replica-faults.ts'
import { type FaultSite, makeKey } from './site.ts'

export interface Start {
  outcome: Outcome
  keys: number
  leaders: number
}

/**
 * Two replicas start at the same moment where nothing has been yet, in every other round not even a key. Objects are
 * applied as soon as there is one, which may be before either of them listens.
 */
export async function startBoth(site: FaultSite, round: number, count: number): Promise<Start> {
  const { kube, plane } = site
  const [namespace, own] = [`start-${round}`, `start-${round}-system`] as const
  for (const name of [namespace, own]) await kube.create(NAMESPACES, { metadata: { name } })
  const flags = ['--namespace', own, '--watch-namespace', namespace, '--lease-name', namespace]
  const made = round % 2 === 0 ? await makeKey(kube, own) : undefined
  const startedAt = performance.now()
  const starting = [site.start(plane.kubeconfig, flags), site.start(plane.kubeconfig, flags)]
  const key = made ?? (await until('a key', () => keyIn(site, own)))
  const load = await createLoad(kube, plane, key, { namespace, count, overMs: 0 })
  const outcome = await load.begin(startedAt)
  const both = await Promise.all(starting)
  const { items } = await kube.list(SECRETS, { namespace: own, labelSelector: KEY_LABEL })
  const leaders = both.filter(led).length
  await Promise.all(both.map((replica) => replica.end('SIGKILL')))
  return { outcome, keys: items.length, leaders }
}

async function keyIn({ kube }: FaultSite, namespace: string): Promise<RecipientKey | undefined> {
  const { items } = await kube.list<SecretObject>(SECRETS, { namespace, labelSelector: KEY_LABEL })
  const reading =
    items[0] && (await readKeySecret(await chooseKem(), items[0], createSeeds({ all: [] }).open))
  return reading?.kind === 'key' ? reading.key.public : undefined
}
