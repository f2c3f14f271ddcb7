import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ControlPlane, type ControlPlaneOptions, startControlPlane } from '../controlplane/start.ts'
import { must, run, waxwing } from '../support/programs.ts'

/** A control plane with the chart installed, and a git repository whose user has the admin's kubeconfig. */
export interface Site {
  plane: ControlPlane
  repository: string
  /** The kubeconfig of exactly the chart's ServiceAccount. */
  controllerKubeconfig: string
  kubectl(...args: string[]): Promise<string>
  apply(manifest: string): Promise<string>
  waxwing(...args: string[]): Promise<string>
  git(...args: string[]): Promise<string>
  /** One field of an object, '' where it is not there. */
  field(target: string, namespace: string, jsonpath: string): Promise<string>
  stop(): Promise<void>
}

export const SERVICE_ACCOUNT = 'system:serviceaccount:waxwing-system:waxwing'

export async function startSite(options: ControlPlaneOptions = {}): Promise<Site> {
  const plane = await startControlPlane(options)
  const repository = await mkdtemp(join(tmpdir(), 'waxwing-e2e-'))
  const chart = join(import.meta.dirname, '../../charts/waxwing')
  const env = { ...process.env, ...GIT_ENVIRONMENT, KUBECONFIG: plane.kubeconfig }
  const kubectl = (...args: string[]) => must(plane.kubectl(args))
  const apply = (manifest: string) => must(plane.kubectl(['apply', '-f', '-'], { input: manifest }))

  await kubectl('apply', '-f', join(chart, 'crds'))
  await kubectl('wait', '--for=condition=Established', 'crd', '--all')
  // The garbage collector hears of new resource types only every half minute, or when it starts.
  await plane.restart('kcm')
  await kubectl('create', 'namespace', 'waxwing-system')
  await apply(await must(plane.helm(['template', 'waxwing', chart, '--namespace', 'waxwing-system'])))
  const token = await kubectl('create', 'token', 'waxwing', '--namespace', 'waxwing-system')
  await must(run('git', ['init', '--quiet', '--initial-branch=main'], { cwd: repository, env }))
  return {
    plane,
    repository,
    controllerKubeconfig: await plane.kubeconfigFor(token.trim()),
    kubectl,
    apply,
    waxwing: (...args) => must(waxwing(args, { cwd: repository, env })),
    git: (...args) => must(run('git', args, { cwd: repository, env })),
    field: (target, namespace, jsonpath) =>
      kubectl('get', target, '-n', namespace, '--ignore-not-found', '-o', `jsonpath=${jsonpath}`),
    async stop() {
      await plane.stop()
      await rm(repository, { recursive: true, force: true })
    },
  }
}

/** Neither needs nor touches the user's own settings. */
const GIT_ENVIRONMENT = {
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_SYSTEM: '/dev/null',
  GIT_AUTHOR_NAME: 'e2e',
  GIT_AUTHOR_EMAIL: 'e2e@waxwing.invalid',
  GIT_COMMITTER_NAME: 'e2e',
  GIT_COMMITTER_EMAIL: 'e2e@waxwing.invalid',
}
