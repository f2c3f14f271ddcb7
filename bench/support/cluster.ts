import { join } from 'node:path'
import type { RecipientKey } from '../../shared/format/seal.ts'
import { readSealingKey } from '../../shared/keys/public.ts'
import { connect } from '../../shared/kube/client.ts'
import { loadConnection } from '../../shared/kube/config.ts'
import type { Kube, KubeObject, Resource } from '../../shared/kube/port.ts'
import { SEALED_SECRETS, SEALING_KEYS } from '../../shared/kube/resources.ts'
import { type ControlPlane, startControlPlane } from '../../test/controlplane/start.ts'
import { startController } from './controller.ts'
import { inFlight } from './pool.ts'
import { cpuSeconds, memoryMiB } from './process.ts'
import { sealedSecret, someValues } from './sealed.ts'

const root = join(import.meta.dirname, '../..')

export interface BenchCluster {
  plane: ControlPlane
  kube: Kube
  /** The published sealing key, for which the objects are sealed. */
  sealingKey: RecipientKey
}

/** A control plane with the CRDs, the namespaces, and a sealing key that a controller made and published. */
export async function startBenchCluster(namespaces: readonly string[]): Promise<BenchCluster> {
  const plane = await startControlPlane()
  const kubectl = async (...args: string[]) => {
    const { code, stderr } = await plane.kubectl(args)
    if (code !== 0) throw new Error(`kubectl ${args.join(' ')}: ${stderr}`)
  }
  await kubectl('apply', '-f', join(root, 'charts/waxwing/crds'))
  await kubectl('wait', '--for=condition=Established', 'crd', '--all')
  for (const namespace of ['waxwing-system', ...namespaces]) await kubectl('create', 'namespace', namespace)
  const connection = await loadConnection({ kubeconfig: plane.kubeconfig })
  const kube = connect(connection, { userAgent: 'waxwing-bench' })
  const controller = startController(plane.kubeconfig, join(plane.dir, 'controller.log'), [])
  const sealingKey = await publishedKey(kube)
  await controller.end()
  return { plane, kube, sealingKey }
}

async function publishedKey(kube: Kube): Promise<RecipientKey> {
  for (let tries = 0; tries < 300; tries += 1) {
    const [key] = (await kube.list<KubeObject>(SEALING_KEYS)).items
    if (key) return readSealingKey(key)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error('the controller published no key within 30 s')
}

export const benchName = (i: number): string => `bench-${String(i).padStart(6, '0')}`

/** Seals and creates `count` objects of three values each, small ones or of `bytes` each. */
export async function fill(
  { kube, sealingKey }: BenchCluster,
  namespace: string,
  count: number,
  bytes?: number,
): Promise<void> {
  const names = Array.from({ length: count }, (_, i) => benchName(i))
  await inFlight(names, 16, async (name) =>
    kube.create(SEALED_SECRETS, await sealedSecret(sealingKey, namespace, name, someValues(bytes))),
  )
}

interface Sealed extends KubeObject {
  status?: { conditions?: { type: string; status: string }[] }
}

const isReady = ({ status }: Sealed): boolean =>
  status?.conditions?.some(({ type, status: state }) => type === 'Ready' && state === 'True') ?? false

/** Ends when `count` objects of the namespace are Ready. */
export const untilReady = ({ kube }: BenchCluster, namespace: string, count: number): Promise<void> =>
  untilAll(kube, SEALED_SECRETS, namespace, count, isReady)

/** Watches, so that waiting costs the server little. */
export async function untilAll<T extends KubeObject>(
  kube: Kube,
  resource: Resource,
  namespace: string,
  count: number,
  isDone: (object: T) => boolean,
): Promise<void> {
  const { items, resourceVersion } = await kube.list<T>(resource, { namespace })
  const done = new Set(items.filter(isDone).map(({ metadata }) => metadata.name))
  if (done.size >= count) return
  for await (const event of kube.watch<T>(resource, { namespace, resourceVersion })) {
    if (event.type !== 'BOOKMARK' && isDone(event.object)) done.add(event.object.metadata.name)
    if (done.size >= count) return
  }
  throw new Error('the watch ended early')
}

export interface Sync {
  seconds: number
  cpu: number
  /** Resident set, MiB. */
  now: number
  peak: number
}

/** Runs a controller from its start until `count` objects of the namespace are Ready, and then for `restMs`. */
export async function syncAll(
  cluster: BenchCluster,
  namespace: string,
  count: number,
  flags: readonly string[],
  restMs = 0,
): Promise<Sync> {
  const start = performance.now()
  const { kubeconfig, dir } = cluster.plane
  const controller = startController(kubeconfig, join(dir, 'controller.log'), flags)
  try {
    await untilReady(cluster, namespace, count)
    const seconds = (performance.now() - start) / 1000
    const figures = { seconds, cpu: cpuSeconds(controller.pid), ...memoryMiB(controller.pid) }
    await new Promise((resolve) => setTimeout(resolve, restMs))
    return figures
  } finally {
    await controller.end()
  }
}
