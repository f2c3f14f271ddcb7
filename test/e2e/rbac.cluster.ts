import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { load, loadAll } from 'js-yaml'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { KEY_CONFIG_MAP } from '../../shared/keys/key-config-map.ts'
import { PUBLISHED_BY_LABEL } from '../../shared/keys/labels.ts'
import { connect } from '../../shared/kube/client.ts'
import { loadConnection } from '../../shared/kube/config.ts'
import type { Kube, KubeObject, Resource } from '../../shared/kube/port.ts'
import { CONFIG_MAPS, CRDS, NAMESPACES, SEALED_SECRETS, SEALING_KEYS } from '../../shared/kube/resources.ts'
import { type ControlPlane, startControlPlane } from '../controlplane/start.ts'
import { must, root, startController, until } from '../support/programs.ts'
import { firstFailure, type Step } from './rbac-scenario.ts'

// The controller under exactly the chart's rights, namespaced: Roles, and one ClusterRole for what is cluster-scoped.
// Then each right is taken away in its turn, and somebody has to notice.

interface Rule {
  apiGroups: string[]
  resources: string[]
  resourceNames?: string[]
  verbs: string[]
}
type Manifest = KubeObject & { rules?: Rule[] }

/** `served`, `own` and `publish` are the chart's roles. */
type Right = `${'served' | 'own' | 'publish'} ${string} ${string}`

/** Every right of the chart, and the step that fails without it. */
const RIGHTS: [Right, Step][] = [
  // A watch is how the objects are listed; a list is how one that is large is read again.
  ['served sealedsecrets list', 'syncs a large object'],
  ['served sealedsecrets watch', 'makes a key'],
  ['served sealedsecrets patch', 'puts keys into the Secret of another'],
  ['served sealedsecrets/status update', 'says so in its status'],
  ['served secrets list', 'makes a key'],
  ['served secrets watch', 'loses no watch'],
  ['served secrets get', 'puts back what was changed'],
  ['served secrets create', 'syncs an object'],
  ['served secrets patch', 'puts back what was changed'],
  ['served secrets delete', 'replaces a Secret of another type'],
  ['served events create', 'tells of it'],
  ['own secrets list', 'makes a key'],
  ['own secrets watch', 'loses no watch'],
  ['own secrets create', 'makes a key'],
  ['own secrets patch', 'stores a key anew when asked'],
  ['own events create', 'tells of a malformed key'],
  ['own leases create', 'leads'],
  ['own leases get', 'leads'],
  ['own leases list', 'loses no watch'],
  ['own leases watch', 'loses no watch'],
  ['own leases patch', 'gives up its lease'],
  ['own configmaps get', 'takes away what stood in for it'],
  ['own configmaps delete', 'takes away what stood in for it'],
  ['publish sealingkeys list', 'publishes it'],
  ['publish sealingkeys create', 'publishes it'],
  ['publish sealingkeys/status patch', 'says how many objects need it'],
  ['publish sealingkeys get', 'corrects what is published'],
  ['publish sealingkeys patch', 'corrects what is published'],
  ['publish sealingkeys delete', 'takes back what is deleted'],
]

/** Those that come in the place of some with `publishKeys=false`. */
const MAP_RIGHTS: [Right, Step][] = [
  ['own configmaps create', 'publishes it'],
  ['own configmaps get', 'publishes it'],
  ['own configmaps patch', 'corrects what is published'],
]

let plane: ControlPlane
let kube: Kube
let sites = 0

beforeAll(async () => {
  plane = await startControlPlane()
  kube = connect(await loadConnection({ kubeconfig: plane.kubeconfig }), { userAgent: 'rbac' })
  for (const name of ['sealedsecrets', 'sealingkeys'])
    await kube.create(
      CRDS,
      load(readFileSync(join(root, `charts/waxwing/crds/${name}.yaml`), 'utf8')) as KubeObject,
    )
  for (const resource of [SEALED_SECRETS, SEALING_KEYS])
    await until(resource.plural, () =>
      kube.list(resource).then(
        () => true,
        () => false,
      ),
    )
}, 20 * 60_000)
afterAll(async () => {
  kube?.close()
  await plane?.stop()
})

const rbac = (plural: string, kind: string, namespaced: boolean): Resource => ({
  group: kind === 'ServiceAccount' ? '' : 'rbac.authorization.k8s.io',
  version: 'v1',
  plural,
  kind,
  namespaced,
})
const KINDS = new Map(
  [
    rbac('serviceaccounts', 'ServiceAccount', true),
    rbac('roles', 'Role', true),
    rbac('rolebindings', 'RoleBinding', true),
    rbac('clusterroles', 'ClusterRole', false),
    rbac('clusterrolebindings', 'ClusterRoleBinding', false),
  ].map((resource) => [resource.kind, resource]),
)

/** What the chart renders for a controller in `home` that serves one namespace. */
async function manifests(home: string, served: string, map = false): Promise<Manifest[]> {
  const sets = [`fullnameOverride=${home}`, `watchNamespaces={${served}}`, `publishKeys=${!map}`].flatMap(
    (value) => ['--set', value],
  )
  const text = await must(plane.helm(['template', 'r', join(root, 'charts/waxwing'), '-n', home, ...sets]))
  return (loadAll(text) as (Manifest | null)[]).filter((manifest): manifest is Manifest => manifest !== null)
}

/** Which of the chart's roles a manifest is, by its name and place; undefined for those of people. */
function roleOf({ kind, metadata }: Manifest, home: string): string | undefined {
  if (kind === 'Role') return metadata.namespace === home ? 'own' : 'served'
  return kind === 'ClusterRole' && metadata.name === `${home}-publish-keys` ? 'publish' : undefined
}

function rightsOf(all: readonly Manifest[], home: string): string[] {
  return all.flatMap((manifest) => {
    const role = roleOf(manifest, home)
    if (role === undefined) return []
    return (manifest.rules ?? []).flatMap(({ resources, verbs }) =>
      resources.flatMap((resource) => verbs.map((verb) => `${role} ${resource} ${verb}`)),
    )
  })
}

function without(manifest: Manifest, home: string, right: string): Manifest {
  const [role, resource, verb] = right.split(' ')
  if (roleOf(manifest, home) !== role) return manifest
  const rules = (manifest.rules ?? []).map((rule) => ({
    ...rule,
    verbs: rule.verbs.filter((one) => !(one === verb && rule.resources.includes(resource ?? ''))),
  }))
  return { ...manifest, rules: rules.filter(({ verbs }) => verbs.length > 0) }
}

/** An installation in namespaces of its own, less one right, and how far the scenario gets with it. */
async function live(right: string, map = false): Promise<Step | undefined> {
  sites += 1
  const [home, served] = [`home-${sites}`, `served-${sites}`]
  for (const name of [home, served]) await kube.create(NAMESPACES, { metadata: { name } })
  for (const manifest of await manifests(home, served, map)) {
    const resource = KINDS.get(manifest.kind ?? '')
    if (resource) await kube.create(resource, without(manifest, home, right))
  }
  if (!map)
    await kube.create(CONFIG_MAPS, {
      metadata: { namespace: home, name: KEY_CONFIG_MAP, labels: { [PUBLISHED_BY_LABEL]: home } },
    })
  const token = await must(plane.kubectl(['create', 'token', home, '-n', home]))
  const kubeconfig = await plane.kubeconfigFor(token.trim())
  const flags = [
    '--namespace',
    home,
    '--watch-namespace',
    served,
    '--lease-name',
    home,
    // Renewed after the last step: a renewal that is refused would leave the steps after it little time.
    '--lease-duration',
    '300',
    '--log-format',
    'json',
  ]
  const controller = startController(kubeconfig, [...flags, '--log-level', 'debug'])
  try {
    return await firstFailure({ kube, controller, home, served, map })
  } finally {
    await controller.end('SIGKILL')
  }
}

test('the table has every right of the chart', async () => {
  expect(rightsOf(await manifests('h', 's'), 'h').sort()).toEqual(RIGHTS.map(([right]) => right).sort())
})

test('without published objects it has those of the ConfigMap in their place', async () => {
  const others = RIGHTS.filter(([right]) => !/^publish |configmaps/.test(right))
  const rights = [...others, ...MAP_RIGHTS]
  expect(rightsOf(await manifests('h', 's', true), 'h').sort()).toEqual(rights.map(([right]) => right).sort())
})

test('with all of them every step succeeds', async () => {
  expect(await live('')).toBeUndefined()
  expect(await live('', true)).toBeUndefined()
})

describe.concurrent('without the right', () => {
  test.each(RIGHTS)('%s: %s fails', async (right, step) => {
    expect(await live(right)).toBe(step)
  })

  test.each(MAP_RIGHTS)('%s: %s fails', async (right, step) => {
    expect(await live(right, true)).toBe(step)
  })
})
