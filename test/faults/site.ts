import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { storePlain } from '../../controller/keys/at-rest/stored.ts'
import { newKeySecret } from '../../controller/keys/key-secret.ts'
import { chooseKem } from '../../shared/crypto/kem/choose.ts'
import type { RecipientKey } from '../../shared/format/seal.ts'
import { openSeed } from '../../shared/keys/seed.ts'
import { connect } from '../../shared/kube/client.ts'
import { loadConnection } from '../../shared/kube/config.ts'
import type { Kube } from '../../shared/kube/port.ts'
import { NAMESPACES, SECRETS } from '../../shared/kube/resources.ts'
import type { ControlPlane } from '../controlplane/start.ts'
import { startSite as startChart } from '../e2e/support.ts'
import { expectNoCanary } from '../support/canary.ts'
import { seededRandom } from '../support/objects.ts'
import { type Controller, must, root, startController, until } from '../support/programs.ts'
import { type Authority, createAuthority } from './certificates.ts'
import { LEASE_SECONDS, LOG_LEVEL } from './numbers.ts'

/** A control plane, an admin of it, and charts that are installed on it. */
export interface FaultSite {
  plane: ControlPlane
  kube: Kube
  /** Signs the certificates of clients. */
  authority: Authority
  /** A folder for the test's files. */
  folder: string
  install(name: string): Promise<Install>
  start(kubeconfig: string, flags: readonly string[], nodeFlags?: readonly string[]): Promise<Controller>
  stop(): Promise<void>
}

/** A controller's rights, namespaces and key; nothing runs yet. */
export interface Install {
  /** The one that is served. */
  namespace: string
  /** The controller's own, where it has the name of the served one as well. */
  own: string
  /** What there is to seal to. */
  key: RecipientKey
  token: string
  /** Straight to the API server. */
  kubeconfig: string
  flags: string[]
}

const random = seededRandom(20261125)

export async function startSite(): Promise<FaultSite> {
  const folder = await mkdtemp(join(tmpdir(), 'waxwing-faults-'))
  const authority = createAuthority()
  await writeFile(join(folder, 'client-ca.crt'), authority.pem)
  const site = await startChart({ apiserverFlags: [`--client-ca-file=${join(folder, 'client-ca.crt')}`] })
  const { plane } = site
  const connection = await loadConnection({ kubeconfig: plane.kubeconfig })
  // Whoever applies does not wait half a minute for a server that is not there.
  const kube = connect(connection, { userAgent: 'faults', timeoutMs: 5_000 })
  const started: Controller[] = []

  async function install(name: string): Promise<Install> {
    const own = `${name}-system`
    for (const namespace of [name, own]) await kube.create(NAMESPACES, { metadata: { name: namespace } })
    const settings = ['fullnameOverride', 'watchNamespaces[0]'].flatMap((to) => ['--set', `${to}=${name}`])
    const chart = join(root, 'charts/waxwing')
    const more = ['--namespace', own, '--set', 'publishKeys=false', ...settings]
    await site.apply(await must(plane.helm(['template', name, chart, ...more])))
    const token = (await site.kubectl('create', 'token', name, '--namespace', own)).trim()
    return {
      namespace: name,
      own,
      key: await makeKey(kube, own),
      token,
      kubeconfig: await plane.kubeconfigFor(token),
      flags: ['--namespace', own, '--watch-namespace', name, '--lease-name', name],
    }
  }

  return {
    plane,
    kube,
    authority,
    folder,
    install,
    async start(kubeconfig, flags, nodeFlags = []) {
      const verbose = ['--log-format', 'json', '--log-level', LOG_LEVEL]
      const lease = ['--lease-duration', String(LEASE_SECONDS)]
      const controller = startController(kubeconfig, [...verbose, ...lease, ...flags], nodeFlags)
      started.push(controller)
      await until('the controller listens', async () => controller.log().includes('"listen":'))
      return controller
    },
    async stop() {
      for (const controller of started) await controller.end('SIGKILL')
      for (const controller of started) expectNoCanary(controller.log(), 'the log of a controller')
      kube.close()
      await site.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Made here, so that there is something to seal to before a controller runs. */
export async function makeKey(kube: Kube, namespace: string): Promise<RecipientKey> {
  const kem = await chooseKem()
  const seed = random(32)
  const made = { name: 'first', namespace, holder: 'faults', seed, now: Date.now() }
  await kube.create(SECRETS, await newKeySecret(kem, made, storePlain))
  const { id, key } = await openSeed(kem, seed, 'first')
  return { id, publicKey: key.publicKey }
}
