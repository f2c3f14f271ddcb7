import { join } from 'node:path'
import type { RecipientKey } from '../../shared/format/seal.ts'
import { readSealingKey } from '../../shared/keys/public.ts'
import { connect } from '../../shared/kube/client.ts'
import { loadConnection } from '../../shared/kube/config.ts'
import type { Kube, KubeObject } from '../../shared/kube/port.ts'
import { SEALED_SECRETS, SEALING_KEYS } from '../../shared/kube/resources.ts'
import { type ControlPlane, startControlPlane } from '../../test/controlplane/start.ts'
import { ended, startController } from './controller.ts'
import { inFlight } from './pool.ts'
import { sealedSecret } from './sealed.ts'

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
  controller.kill('SIGTERM')
  await ended(controller)
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

/** Seals and creates `count` objects of three values each. */
export async function fill(
  { kube, sealingKey }: BenchCluster,
  namespace: string,
  count: number,
): Promise<void> {
  const names = Array.from({ length: count }, (_, i) => `bench-${String(i).padStart(6, '0')}`)
  await inFlight(names, 16, async (name) =>
    kube.create(SEALED_SECRETS, await sealedSecret(sealingKey, namespace, name)),
  )
}

interface Sealed extends KubeObject {
  status?: { conditions?: { type: string; status: string }[] }
}

/** Ends when `count` objects of the namespace are Ready; watches, so that waiting costs the server little. */
export async function untilReady({ kube }: BenchCluster, namespace: string, count: number): Promise<void> {
  const { items, resourceVersion } = await kube.list<Sealed>(SEALED_SECRETS, { namespace })
  const ready = new Set(items.filter(isReady).map(({ metadata }) => metadata.name))
  if (ready.size >= count) return
  for await (const event of kube.watch<Sealed>(SEALED_SECRETS, { namespace, resourceVersion })) {
    if (event.type !== 'BOOKMARK' && isReady(event.object)) ready.add(event.object.metadata.name)
    if (ready.size >= count) return
  }
  throw new Error('the watch ended early')
}

const isReady = ({ status }: Sealed): boolean =>
  status?.conditions?.some(({ type, status: state }) => type === 'Ready' && state === 'True') ?? false
