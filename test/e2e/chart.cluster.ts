import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { load } from 'js-yaml'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type AtRestOptions, atRestProblem } from '../../controller/keys/at-rest/options.ts'
import { optionsCommand } from '../../controller/options.ts'
import { type ControlPlane, startControlPlane } from '../controlplane/start.ts'

// The chart as users install it, on a real API server with the RBAC authorizer: what it makes is accepted, and its
// ServiceAccount may do what the controller needs and nothing else.

// The first start on a machine builds the binaries.
const buildTime = 20 * 60_000
const chart = fileURLToPath(new URL('../../charts/waxwing', import.meta.url))

let plane: ControlPlane

beforeAll(async () => {
  plane = await startControlPlane()
  await kubectl(['apply', '-f', `${chart}/crds`])
  await kubectl(['wait', '--for=condition=Established', 'crd', '-l', 'app.kubernetes.io/name=waxwing'])
  for (const namespace of ['a', 'b', 'other']) await kubectl(['create', 'namespace', namespace])
}, buildTime)

afterAll(() => plane?.stop())

/** kubectl, as the admin, which has to succeed; what it printed. */
async function kubectl(args: readonly string[], input = ''): Promise<string> {
  const { code, stdout, stderr } = await plane.kubectl(args, { input })
  if (code !== 0) throw new Error(`kubectl ${args.join(' ')}: ${stderr}${stdout}`)
  return stdout.trim()
}

/** helm, which has to succeed; what it printed. */
async function helm(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await plane.helm(args)
  if (code !== 0) throw new Error(`helm ${args.join(' ')}: ${stderr}${stdout}`)
  return stdout
}

const VERBS = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'deletecollection']

/** Who asks: the holder of a token, or whom the admin acts for. */
interface Caller {
  kubeconfig?: string
  flags?: string[]
}

/**
 * Which verbs the authorizer allows on `resource[.group][/subresource]`, or on the object of that name alone. Every verb
 * is asked for, since one too many is as wrong as one too few; all in one call of what `kubectl auth can-i` asks singly.
 */
async function allowedVerbs(target: string, namespace: string, as: Caller, name?: string): Promise<string> {
  const [type = '', subresource] = target.split('/')
  const [resource, ...group] = type.split('.')
  const items = VERBS.map((verb) => ({
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectAccessReview',
    spec: {
      resourceAttributes: { verb, group: group.join('.'), resource, subresource, namespace, name },
    },
  }))
  const answer = 'jsonpath={.spec.resourceAttributes.verb} {.status.allowed}{"\\n"}'
  const { code, stdout, stderr } = await plane.kubectl(
    ['create', '-f', '-', '--validate=false', '-o', answer, ...(as.flags ?? [])],
    {
      input: JSON.stringify({ apiVersion: 'v1', kind: 'List', items }),
      ...(as.kubeconfig ? { kubeconfig: as.kubeconfig } : {}),
    },
  )
  const answers = new Map(stdout.split('\n').map((line) => line.split(' ') as [string, string]))
  if (code !== 0 || !VERBS.every((verb) => answers.has(verb)))
    throw new Error(`${target}: ${stdout}${stderr}`)
  return VERBS.filter((verb) => answers.get(verb) === 'true').join(' ') || 'nothing'
}

/**
 * Installs by `helm template | kubectl apply` into a namespace of its own under the strictest Pod Security; gives the
 * chart's ServiceAccount. The namespace's name is the installation's: cluster-wide names must differ.
 */
async function install(namespace: string, values: readonly string[]): Promise<Caller> {
  await kubectl(['create', 'namespace', namespace])
  const podSecurity = ['enforce', 'warn'].map((mode) => `pod-security.kubernetes.io/${mode}=restricted`)
  await kubectl(['label', 'namespace', namespace, ...podSecurity])
  const sets = [`fullnameOverride=${namespace}`, ...values].flatMap((value) => ['--set', value])
  const manifest = await helm('template', 'release', chart, '--namespace', namespace, ...sets)
  const applied = await plane.kubectl(['apply', '-f', '-'], { input: manifest })
  // A warning would be about Pod Security, or a field that the server does not know.
  expect(applied).toMatchObject({ code: 0, stderr: '' })
  const again = await kubectl(['apply', '-f', '-'], manifest)
  // kubectl says `configured` of every PodDisruptionBudget, since its spec is replaced as a whole.
  const budget = `poddisruptionbudget.policy/${namespace} configured`
  expect(again.split('\n').filter((line) => !line.endsWith(' unchanged') && line !== budget)).toEqual([])
  const token = await kubectl(['-n', namespace, 'create', 'token', namespace])
  return { kubeconfig: await plane.kubeconfigFor(token) }
}

const SEALED_SECRETS = 'sealedsecrets.waxwing.dev'
const SEALING_KEYS = 'sealingkeys.waxwing.dev'
const KEY_STATUS = `${SEALING_KEYS}/status`
const STATUS = `${SEALED_SECRETS}/status`
const EVENTS = 'events.events.k8s.io'
const LEASES = 'leases.coordination.k8s.io'
const PROXY = 'services/proxy'
const REVIEWS = ['tokenreviews.authentication.k8s.io', 'subjectaccessreviews.authorization.k8s.io']

const READ = 'get list watch'

// The rights that nothing of the chart gives, in any mode.
const NEVER = [
  'pods',
  'serviceaccounts',
  'serviceaccounts/token',
  'roles.rbac.authorization.k8s.io',
  'rolebindings.rbac.authorization.k8s.io',
  'clusterroles.rbac.authorization.k8s.io',
  'customresourcedefinitions.apiextensions.k8s.io',
  'namespaces',
  PROXY,
]

/** Namespace, resource and the verbs allowed on it. */
type Right = [string, string, string]

const served = (namespace: string): Right[] => [
  [namespace, SEALED_SECRETS, 'list watch patch'],
  [namespace, STATUS, 'update'],
  [namespace, 'secrets', 'get list watch create patch delete'],
  [namespace, EVENTS, 'create'],
]

const unserved = (namespace: string): Right[] =>
  served(namespace).map(([, resource]) => [namespace, resource, 'nothing'])

const reviewing = (verbs: string): Right[] => REVIEWS.map((resource) => ['other', resource, verbs])

interface Mode {
  title: string
  name: string
  values: string[]
  rights: Right[]
}

describe.each<Mode>([
  {
    title: 'all namespaces',
    name: 'waxwing-all',
    values: ['clusterName=prod', 'auditLog=stdout'],
    rights: [
      ...served('other'),
      ...served('waxwing-all'),
      ['other', SEALING_KEYS, 'get list create patch delete'],
      ['other', KEY_STATUS, 'patch'],
    ],
  },
  {
    title: 'two namespaces',
    name: 'waxwing-listed',
    values: ['watchNamespaces={a,b}'],
    rights: [
      ...served('a'),
      ...served('b'),
      ...unserved('other'),
      ['waxwing-listed', SEALED_SECRETS, 'nothing'],
      ['waxwing-listed', STATUS, 'nothing'],
      ['waxwing-listed', 'secrets', 'list watch create patch'],
      ['waxwing-listed', EVENTS, 'create'],
      ['other', SEALING_KEYS, 'get list create patch delete'],
      ['waxwing-listed', 'configmaps', 'nothing'],
      ...reviewing('nothing'),
    ],
  },
  {
    title: 'no published keys',
    name: 'waxwing-private',
    values: ['watchNamespaces={a}', 'publishKeys=false', 'reviewCallers=true'],
    rights: [
      ...reviewing('create'),

      ...served('a'),
      ...unserved('b'),
      ['other', SEALING_KEYS, 'nothing'],
      ['other', KEY_STATUS, 'nothing'],
      ['waxwing-private', 'configmaps', 'create'],
      ['a', 'configmaps', 'nothing'],
    ],
  },
])('the ServiceAccount with $title', ({ name, values, rights }) => {
  let account: Caller

  beforeAll(async () => {
    account = await install(name, values)
  })

  test.each(rights)('in %s, %s: %s', async (namespace, resource, expected) => {
    expect(await allowedVerbs(resource, namespace, account)).toBe(expected)
  })

  test('has its lease in its own namespace, and no other', async () => {
    expect(await allowedVerbs(LEASES, name, account, name)).toBe('get list watch create patch')
    expect(await allowedVerbs(LEASES, name, account, 'another')).toBe('create')
    expect(await allowedVerbs(LEASES, 'other', account, name)).toBe('nothing')
  })

  test('has the ConfigMap of its keys where it publishes none otherwise, and no other', async () => {
    const stands = values.includes('publishKeys=false')
    expect(await allowedVerbs('configmaps', name, account, 'waxwing-sealing-keys')).toBe(
      stands ? 'get create patch' : 'get delete',
    )
    expect(await allowedVerbs('configmaps', name, account, 'another')).toBe(stands ? 'create' : 'nothing')
  })

  test.each(NEVER)('never %s', async (resource) => {
    expect(await allowedVerbs(resource, name, account)).toBe('nothing')
  })

  test('gets a pod that the strictest Pod Security admits', async () => {
    await kubectl(['-n', name, 'wait', '--for=create', 'pod', '-l', 'app.kubernetes.io/name=waxwing'])
    const selector = [
      '-l',
      'app.kubernetes.io/name=waxwing',
      '-o',
      'jsonpath={.items[*].spec.containers[0].args}',
    ]
    // Of two alike.
    const [args = []] = JSON.parse(
      `[${(await kubectl(['-n', name, 'get', 'pods', ...selector])).replaceAll('] [', '],[')}]`,
    )
    expect(args).toEqual(
      expect.arrayContaining(['--namespace=$(POD_NAMESPACE)', '--listen=:8080', `--lease-name=${name}`]),
    )
    expect(args.includes('--cluster-name=prod')).toBe(values.includes('clusterName=prod'))
    expect(args.includes('--audit-log=-')).toBe(values.includes('auditLog=stdout'))
    expect(args.includes('--watch-namespace=a,b')).toBe(values.includes('watchNamespaces={a,b}'))
  })
})

test('the sidecar of docs/audit.md is admitted by the strictest Pod Security', async () => {
  await install('waxwing-audited', [])
  const page = readFileSync(new URL('../../docs/audit.md', import.meta.url), 'utf8')
  const [, patch = ''] = /^```yaml\n([\s\S]*?)^```$/m.exec(page) ?? []
  const patched = await plane.kubectl(
    [
      '-n',
      'waxwing-audited',
      'patch',
      'deployment',
      'waxwing-audited',
      '--dry-run=server',
      '--patch',
      patch,
    ].concat(['-o', 'jsonpath={.spec.template.spec.containers[*].name}']),
  )
  expect(patched).toEqual({ code: 0, stderr: '', stdout: 'controller ship-audit' })
})

describe('people', () => {
  beforeAll(async () => {
    await install('waxwing-readers', ['publicKeyReaders={developers}'])
    for (const role of ['view', 'edit'])
      await kubectl(['-n', 'a', 'create', 'rolebinding', role, `--clusterrole=${role}`, `--user=${role}er`])
  })

  const user = (name: string, ...groups: string[]): Caller => ({
    flags: [`--as=${name}`, ...['system:authenticated', ...groups].map((group) => `--as-group=${group}`)],
  })

  test('with the role view see sealed objects, and no Secret', async () => {
    await expect.poll(() => allowedVerbs(SEALED_SECRETS, 'a', user('viewer'))).toBe(READ)
    expect(await allowedVerbs(STATUS, 'a', user('viewer'))).toBe('nothing')
    expect(await allowedVerbs('secrets', 'a', user('viewer'))).toBe('nothing')
  })

  test('with the role edit manage sealed objects, but not their status', async () => {
    await expect.poll(() => allowedVerbs(SEALED_SECRETS, 'a', user('editer'))).toBe(VERBS.join(' '))
    expect(await allowedVerbs(STATUS, 'a', user('editer'))).toBe('nothing')
    expect(await allowedVerbs(SEALED_SECRETS, 'b', user('editer'))).toBe('nothing')
  })

  test('of the listed groups read the public keys', async () => {
    expect(await allowedVerbs(SEALING_KEYS, 'a', user('dev', 'developers'))).toBe(READ)
    expect(await allowedVerbs(SEALING_KEYS, 'a', user('stranger'))).toBe('nothing')
    expect(await allowedVerbs('secrets', 'a', user('dev', 'developers'))).toBe('nothing')
  })

  test('of the listed groups read the ConfigMap where that has the keys', async () => {
    await install('waxwing-map', ['publishKeys=false', 'publicKeyReaders={developers}'])
    const [map, developer] = ['waxwing-sealing-keys', user('dev', 'developers')]
    expect(await allowedVerbs('configmaps', 'waxwing-map', developer, map)).toBe('get')
    expect(await allowedVerbs('configmaps', 'waxwing-map', developer, 'another')).toBe('nothing')
    expect(await allowedVerbs('configmaps', 'waxwing-map', user('stranger'), map)).toBe('nothing')
  })

  test('all read the public keys when the values say so, and still reach no Service', async () => {
    await install('waxwing-open', ['publicKeyReaders=authenticated'])
    expect(await allowedVerbs(SEALING_KEYS, 'a', user('stranger'))).toBe(READ)
    expect(await allowedVerbs(PROXY, 'waxwing-open', user('stranger'))).toBe('nothing')
    const path = '/apis/waxwing.dev/v1alpha1/sealingkeys'
    const anonymous = await plane.kubectl(['get', '--raw', path, '--as=system:anonymous'])
    expect(anonymous).toMatchObject({ code: 1, stderr: expect.stringContaining('Forbidden') })
  })
})

describe('helm', () => {
  test('finds nothing to complain about', async () => {
    expect(await helm('lint', '--strict', chart)).toContain('0 chart(s) failed')
  })

  test.each([
    ['publicKeyReaders=everyone', 'publicKeyReaders'],
    ['watchNamespaces=a', 'watchNamespaces'],
    ['watchNamespaces={A_b}', 'watchNamespaces'],
    ['replicas=0', 'replicas'],
    ['keyRenewEvery=30d', 'keyRenewEvery'],
    ['keyCutoffTime=now', 'keyCutoffTime'],
    ['concurrency=0', 'concurrency'],
    ['logFormat=xml', 'logFormat'],
    ['auditLog=/var/log/audit.log', 'auditLog'],
    ['nosuchvalue=1', 'nosuchvalue'],
    ['image.digest=sha256:12', 'digest'],
    ['extraEnv[0].value=nameless', 'extraEnv'],
  ])('refuses %s', async (value, place) => {
    const { code, stderr } = await plane.helm(['template', chart, '--set', value])
    expect(code).toBe(1)
    expect(stderr).toContain(place)
  })

  test('gives further environment variables to the controller, as they are', async () => {
    const variable = ['extraEnv[0].name=OTEL_EXPORTER_OTLP_ENDPOINT', 'extraEnv[0].value=http://otel:4318']
    const manifest = await helm('template', chart, ...variable.flatMap((value) => ['--set', value]))
    expect(manifest).toMatch(/- name: OTEL_EXPORTER_OTLP_ENDPOINT\n +value: http:\/\/otel:4318\n/)
  })

  test('tells the controller of both Vaults what it takes, and mounts each file that it names', async () => {
    const values = {
      vault: { address: 'https://new', tokenSecret: 'vault-token' },
      formerVault: { address: 'https://old', namespace: 'team', role: 'r', audience: 'v', caConfigMap: 'ca' },
    }
    const sets = [
      '--show-only',
      'templates/deployment.yaml',
      '--set-json',
      `atRest=${JSON.stringify(values)}`,
    ]
    interface Pod {
      containers: { args: string[]; volumeMounts: { name: string; mountPath: string }[] }[]
      volumes: { name: string }[]
    }
    const deployment = load(await helm('template', chart, ...sets)) as { spec: { template: { spec: Pod } } }
    const { containers, volumes } = deployment.spec.template.spec
    const { args = [], volumeMounts = [] } = containers[0] ?? {}
    // The others have variables in them that a pod replaces.
    const flags = args.filter((arg) => arg.startsWith('--vault-'))
    const options = optionsCommand().parse(flags, { from: 'user' }).opts<AtRestOptions>()
    expect(atRestProblem(options)).toBeUndefined()
    expect(options).toMatchObject({
      vaultAddr: 'https://new',
      vaultDecryptAddr: 'https://old',
      vaultDecryptNamespace: 'team',
      vaultDecryptRole: 'r',
    })
    const { vaultTokenFile, vaultDecryptJwtFile, vaultDecryptCaFile } = options
    for (const file of [vaultTokenFile, vaultDecryptJwtFile, vaultDecryptCaFile]) {
      const mount = volumeMounts.find(({ mountPath }) => file?.startsWith(`${mountPath}/`))
      expect(
        volumes.map(({ name }) => name),
        file,
      ).toContain(mount?.name)
    }
  })

  test('installs, upgrades, and leaves the CRDs when it uninstalls', async () => {
    const release = ['release', chart, '-n', 'waxwing-system']
    await helm('install', '--create-namespace', ...release)
    expect(await kubectl(['-n', 'waxwing-system', 'get', 'service', 'waxwing', '-o', 'name'])).toBe(
      'service/waxwing',
    )
    const notes = await helm('upgrade', ...release, '--set', 'watchNamespaces={a,b}')
    expect(notes).toContain('It serves a, b.')
    expect(await kubectl(['get', 'clusterrole', 'waxwing', '--ignore-not-found'])).toBe('')
    await helm('uninstall', 'release', '-n', 'waxwing-system')
    expect(await kubectl(['get', 'crd', '-l', 'app.kubernetes.io/name=waxwing', '-o', 'name'])).toBe(
      'customresourcedefinition.apiextensions.k8s.io/sealedsecrets.waxwing.dev\n' +
        'customresourcedefinition.apiextensions.k8s.io/sealingkeys.waxwing.dev',
    )
  })
})
