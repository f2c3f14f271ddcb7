import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { KubeObject, Resource } from '../../shared/kube/port.ts'
import { startSandbox } from '../../shared/sandbox/start.ts'
import { type ControllerSite, startSite } from '../../test/contract/controller-site.ts'
import { realCluster } from '../../test/contract/real.ts'

/** Who asks: ServiceAccounts `holder-N`, who may update SealedSecrets of their namespace, and `stranger-N`, who may not. */
export type Who = 'holder' | 'stranger'

export interface OracleSite {
  site: ControllerSite
  /** A token of that caller, for the controller. */
  token(who: Who, n: number): Promise<string>
}

const NAMESPACE = 'shop'

/** On the real API server rights are RBAC's; the embedded one has no RBAC, and is told whom to refuse. */
export async function startOracleSite(real: boolean, callers: number): Promise<OracleSite> {
  const site = await startSite(real ? realCluster : embedded)
  try {
    if (real) await makeCallers(site, callers)
  } catch (error) {
    await site.stop()
    throw error
  }
  return {
    site,
    async token(who, n) {
      const path = `/api/v1/namespaces/${NAMESPACE}/serviceaccounts/${who}-${n}/token`
      const answer = await site.kube.post(path, JSON.stringify({ spec: { audiences: ['waxwing'] } }))
      return JSON.parse(answer).status.token
    },
  }
}

async function embedded() {
  const dir = await mkdtemp(join(tmpdir(), 'waxwing-oracle-'))
  const kubeconfig = join(dir, 'kubeconfig')
  const sandbox = await startSandbox({
    access: ({ user, resource }) => resource.endsWith('reviews') || !user.includes(':stranger'),
  })
  await writeFile(kubeconfig, sandbox.kubeconfig(), { mode: 0o600 })
  return {
    kubeconfig,
    audit: async () => sandbox.audit(),
    typesAdded: async () => undefined,
    loseWatches: async () => undefined,
    async stop() {
      await sandbox.stop()
      await rm(dir, { recursive: true })
    },
  }
}

const resource = (group: string, plural: string, kind: string): Resource => ({
  group,
  version: 'v1',
  plural,
  kind,
  namespaced: true,
})
const RBAC = 'rbac.authorization.k8s.io'

async function makeCallers({ kube }: ControllerSite, callers: number): Promise<void> {
  const accounts = resource('', 'serviceaccounts', 'ServiceAccount')
  const names = (who: Who) => Array.from({ length: callers }, (_, n) => `${who}-${n}`)
  const metadata = (name: string) => ({ metadata: { namespace: NAMESPACE, name } })
  for (const name of [...names('holder'), ...names('stranger')]) await kube.create(accounts, metadata(name))
  const rules = [{ apiGroups: ['waxwing.dev'], resources: ['sealedsecrets'], verbs: ['update'] }]
  const subjects = names('holder').map((name) => ({ kind: 'ServiceAccount', namespace: NAMESPACE, name }))
  const roleRef = { apiGroup: RBAC, kind: 'Role', name: 'holder' }
  const make = (kind: Resource, object: object) =>
    kube.create<KubeObject>(kind, { ...metadata('holder'), ...object })
  await make(resource(RBAC, 'roles', 'Role'), { rules })
  await make(resource(RBAC, 'rolebindings', 'RoleBinding'), { roleRef, subjects })
}
