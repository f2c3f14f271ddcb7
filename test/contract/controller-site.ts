import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { load } from 'js-yaml'
import type { SealedObject, SecretObject, Status } from '../../controller/objects.ts'
import { brokenRules } from '../../controller/reconcile/conditions.ts'
import { chooseKem } from '../../shared/crypto/kem/choose.ts'
import type { RecipientKey } from '../../shared/format/seal.ts'
import { sealedSecretObject } from '../../shared/format/write.ts'
import { readSealingKey } from '../../shared/keys/public.ts'
import { connect } from '../../shared/kube/client.ts'
import { loadConnection } from '../../shared/kube/config.ts'
import { unlessGone } from '../../shared/kube/errors.ts'
import type { Kube, KubeObject, Resource } from '../../shared/kube/port.ts'
import { CRDS, NAMESPACES, SEALED_SECRETS, SEALING_KEYS, SECRETS } from '../../shared/kube/resources.ts'
import { sealFor, seededRandom } from '../support/objects.ts'
import { type Controller, root, startController, until } from '../support/programs.ts'
import type { AuditEvent, ContractCluster } from './cluster.ts'

const random = seededRandom(20261124)

/** A cluster with the CRDs, an admin's client, and controllers that are run as users run them. */
export interface ControllerSite {
  cluster: ContractCluster
  kube: Kube
  /** Everything that the controllers of this site have written to their logs. */
  logs(): string
  start(flags?: readonly string[]): Promise<RunningController>
  /**
   * The controllers' writes so far, also those that were refused; those of their Lease aside, reviews, which
   * store nothing, and the counts in the status
   * of SealingKeys, which follow every object that comes or goes a while later.
   */
  writes(): Promise<AuditEvent[]>
  stop(): Promise<void>
}

export interface RunningController {
  /** `http://127.0.0.1:port` of keys and health, and of metrics. */
  url: string
  metricsUrl: string
  pid: number
  end: Controller['end']
}

export async function startSite(makeCluster: () => Promise<ContractCluster>): Promise<ControllerSite> {
  const cluster = await makeCluster()
  const kube = connect(await loadConnection({ kubeconfig: cluster.kubeconfig }), { userAgent: 'contract' })
  const started: Controller[] = []
  for (const name of ['sealedsecrets', 'sealingkeys']) {
    const crd = load(readFileSync(join(root, `charts/waxwing/crds/${name}.yaml`), 'utf8'))
    await kube.create(CRDS, crd as KubeObject)
  }
  for (const resource of [SEALED_SECRETS, SEALING_KEYS])
    await until(resource.plural, () =>
      kube.list(resource).then(
        () => true,
        () => false,
      ),
    )
  await cluster.typesAdded()
  for (const name of ['waxwing-system', 'shop', 'other'])
    await kube.create(NAMESPACES, { metadata: { name } })

  return {
    cluster,
    kube,
    logs: () => started.map((controller) => controller.log()).join('\n'),
    async start(flags = []) {
      const controller = startController(cluster.kubeconfig, [
        '--log-format',
        'json',
        '--log-level',
        'debug',
        '--lease-duration',
        '5',
        ...flags,
      ])
      started.push(controller)
      const [url, metricsUrl] = await until('the addresses', async () => {
        const found = /"listen":"([^"]+)","metrics":"([^"]+)"/.exec(controller.log())
        return found ? [`http://${found[1]}`, `http://${found[2]}`] : undefined
      })
      return { url: url ?? '', metricsUrl: metricsUrl ?? '', pid: controller.pid, end: controller.end }
    },
    async writes() {
      const events = await cluster.audit()
      return events.filter(
        ({ userAgent, resource, subresource }) =>
          userAgent.startsWith('waxwing-controller/') &&
          resource !== 'leases' &&
          !resource.endsWith('reviews') &&
          !(resource === 'sealingkeys' && subresource === 'status'),
      )
    },
    async stop() {
      for (const controller of started) await controller.end('SIGKILL')
      kube.close()
      await cluster.stop()
    },
  }
}

export async function isReady({ url }: RunningController): Promise<boolean> {
  const response = await fetch(`${url}/readyz`)
  await response.text()
  return response.ok
}

/** The key that the controller publishes. */
export const publishedKey = (kube: Kube): Promise<RecipientKey> =>
  until('a published key', async () => {
    const { items } = await kube.list(SEALING_KEYS)
    return items[0] && readSealingKey(items[0])
  })

export interface SealOptions {
  name: string
  namespace?: string
  template?: Record<string, unknown>
}

export async function seal(
  key: RecipientKey,
  values: Record<string, string | Uint8Array>,
  { name, namespace = 'shop', template }: SealOptions,
): Promise<SealedObject> {
  const bytes = new Map(Object.entries(values).map(([k, v]) => [k, new Uint8Array(Buffer.from(v))]))
  const object = sealedSecretObject(
    await sealFor(await chooseKem(), [key], bytes, random, { namespace, name }),
  )
  const spec = { ...(object.spec as object), ...(template && { template }) }
  return { ...object, spec } as unknown as SealedObject
}

/** As GitOps tools do: what the object does not say any more goes. */
export async function put(kube: Kube, object: SealedObject): Promise<void> {
  await kube.apply(SEALED_SECRETS, object, { fieldManager: 'contract', force: true })
}

export function find<T extends KubeObject = SecretObject>(
  kube: Kube,
  resource: Resource,
  name: string,
  namespace = 'shop',
): Promise<T | undefined> {
  return unlessGone(kube.get<T>(resource, resource.namespaced ? { name, namespace } : { name }))
}

/** Waits for a status of the present generation that says `reason`; checks the rules that every status keeps. */
export const reached = (kube: Kube, name: string, reason: string, namespace = 'shop'): Promise<Status> =>
  until(
    `${namespace}/${name} is ${reason}`,
    async () => {
      const object = await find<SealedObject>(kube, SEALED_SECRETS, name, namespace)
      const { status, metadata } = object ?? {}
      if (!status?.conditions || status.observedGeneration !== metadata?.generation) return false
      const broken = brokenRules(status)
      if (broken.length > 0) throw new Error(broken.join(', '))
      return (
        status.conditions.some((condition) => condition.type === 'Ready' && condition.reason === reason) &&
        status
      )
    },
    60_000,
  )

/** The Secret's values as text. */
export async function values(kube: Kube, name: string, namespace = 'shop'): Promise<Record<string, string>> {
  const secret = await find(kube, SECRETS, name, namespace)
  return Object.fromEntries(
    Object.entries(secret?.data ?? {}).map(([key, text]) => [key, Buffer.from(text, 'base64').toString()]),
  )
}
