import { readdirSync, readFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { SECRET_KINDS } from '../../shared/ops/create/kinds.ts'
import { canary } from '../support/canary.ts'
import { readText } from '../support/objects.ts'
import { type Controller, must, run, startController, until } from '../support/programs.ts'
import { type Site, startSite } from './support.ts'

// All eight types of Secrets: create → commit → controller → a real API server, byte for byte.

const buildTime = 20 * 60_000
const SEALED = 'sealedsecrets.waxwing.dev'

let site: Site
let controller: Controller

beforeAll(async () => {
  site = await startSite()
  await site.kubectl('create', 'namespace', 'shop')
  await site.kubectl('create', 'serviceaccount', 'robot', '-n', 'shop')
  controller = startController(site.controllerKubeconfig)
  await until(
    'the published key',
    async () => (await site.kubectl('get', 'sealingkeys', '-o', 'name')) !== '',
  )
  await writeFile(path('cluster.key.yaml'), await site.waxwing('keys', 'fetch'))
  await makeFiles()
}, buildTime)

afterAll(async () => {
  await controller?.end('SIGKILL')
  await site?.stop()
})

const path = (name: string) => join(site.repository, name)
const bytes = (name: string) => readFileSync(path(`plain/${name}`))
const password = canary().text
const onOneLine = password.replace('\n', '')

/** What people have in files, made by the tools that make it. */
async function makeFiles(): Promise<void> {
  await mkdir(path('plain'))
  await writeFile(path('.gitignore'), 'plain/\n')
  await writeFile(path('plain/password'), password)
  await writeFile(path('plain/line'), onOneLine)
  await writeFile(
    path('plain/binary'),
    Uint8Array.from({ length: 256 }, (_, i) => i),
  )
  await writeFile(path('plain/app.env'), `# env\nUSER=app\nPASSWORD=${onOneLine}\nURL=a=b\n`)
  const login = { auths: { 'ghcr.io': { username: 'bot', password: onOneLine } } }
  await writeFile(path('plain/config.json'), JSON.stringify(login, null, 2))
  const tool = (command: string, ...args: string[]) => must(run(command, args, { cwd: path('plain') }))
  await tool('ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', 'e2e', '-f', 'id_ed25519')
  const subject = ['-subj', '/CN=web.example.com', '-days', '90']
  const pair = ['-newkey', 'rsa:2048', '-nodes', '-keyout', 'web.key', '-out', 'web.crt']
  await tool('openssl', 'req', '-x509', ...pair, ...subject)
}

interface Case {
  kind: string
  name: string
  namespace?: string
  type: string
  flags: string[]
  /** Every key that is sealed. */
  values: () => Record<string, Uint8Array | string>
  /** The same by kubectl, where it can make this type. */
  kubectl?: string[]
}

const text = (value: object) => JSON.stringify(value)
const auth = (user: string, secret: string) => Buffer.from(`${user}:${secret}`).toString('base64')
const TOKEN = { 'token-id': 'abcdef', 'token-secret': '0123456789abcdef' }

const cases: Case[] = [
  {
    kind: 'opaque',
    name: 'opaque',
    type: 'Opaque',
    flags: [
      '--from-file=plain/password',
      '--from-file=bin=plain/binary',
      '--from-literal=odd=a=b "c" ',
      '--from-literal=empty=',
    ],
    kubectl: ['generic'],
    values: () => ({
      password,
      bin: bytes('binary'),
      odd: 'a=b "c" ',
      empty: '',
    }),
  },
  {
    kind: 'generic',
    name: 'env',
    type: 'Opaque',
    flags: ['--from-env-file=plain/app.env'],
    kubectl: ['generic'],
    values: () => ({ USER: 'app', PASSWORD: onOneLine, URL: 'a=b' }),
  },
  {
    kind: 'generic',
    name: 'folder',
    type: 'example.com/files',
    flags: ['--from-file=plain', '--type=example.com/files'],
    kubectl: ['generic'],
    values: () => Object.fromEntries(readdirSync(path('plain')).map((name) => [name, bytes(name)])),
  },
  {
    kind: 'basic-auth',
    name: 'basic-auth',
    type: 'kubernetes.io/basic-auth',
    flags: ['--username=app', '--from-file=password=plain/line'],
    values: () => ({ username: 'app', password: onOneLine }),
  },
  {
    kind: 'ssh-auth',
    name: 'ssh-auth',
    type: 'kubernetes.io/ssh-auth',
    flags: ['--ssh-privatekey=plain/id_ed25519', '--from-file=ssh-publickey=plain/id_ed25519.pub'],
    values: () => ({ 'ssh-privatekey': bytes('id_ed25519'), 'ssh-publickey': bytes('id_ed25519.pub') }),
  },
  {
    kind: 'tls',
    name: 'tls',
    type: 'kubernetes.io/tls',
    flags: ['--cert=plain/web.crt', '--key=plain/web.key'],
    kubectl: ['tls'],
    values: () => ({ 'tls.crt': bytes('web.crt'), 'tls.key': bytes('web.key') }),
  },
  {
    kind: 'docker',
    name: 'docker',
    type: 'kubernetes.io/dockerconfigjson',
    flags: [
      '--docker-server=ghcr.io',
      '--docker-username=bot',
      '--docker-password=p-1',
      '--docker-email=b@example.com',
    ],
    kubectl: ['docker-registry'],
    values: () => ({
      '.dockerconfigjson': text({
        auths: {
          'ghcr.io': { username: 'bot', password: 'p-1', email: 'b@example.com', auth: auth('bot', 'p-1') },
        },
      }),
    }),
  },
  {
    kind: 'docker-registry',
    name: 'docker-file',
    type: 'kubernetes.io/dockerconfigjson',
    flags: ['--from-file=plain/config.json'],
    kubectl: ['docker-registry'],
    values: () => ({ '.dockerconfigjson': bytes('config.json') }),
  },
  {
    kind: 'dockercfg',
    name: 'dockercfg',
    type: 'kubernetes.io/dockercfg',
    flags: ['--docker-server=ghcr.io', '--docker-username=bot', '--docker-password=p-1'],
    values: () => ({
      '.dockercfg': text({ 'ghcr.io': { username: 'bot', password: 'p-1', auth: auth('bot', 'p-1') } }),
    }),
  },
  {
    kind: 'service-account-token',
    name: 'robot-token',
    type: 'kubernetes.io/service-account-token',
    flags: ['--service-account=robot', '--from-file=extra=plain/line'],
    values: () => ({ extra: onOneLine }),
  },
  {
    kind: 'bootstrap-token',
    name: 'bootstrap-token-abcdef',
    namespace: 'kube-system',
    type: 'bootstrap.kubernetes.io/token',
    flags: [
      `--from-literal=token-secret=${TOKEN['token-secret']}`,
      '--ttl=0',
      '--groups=system:bootstrappers:pool',
      '--description=of the pool',
    ],
    values: () => ({
      ...TOKEN,
      'auth-extra-groups': 'system:bootstrappers:pool',
      description: 'of the pool',
      'usage-bootstrap-authentication': 'true',
      'usage-bootstrap-signing': 'true',
    }),
  },
]

const CLUSTER_FILLED = ['ca.crt', 'namespace', 'token']

const sealedKeys = (text: string): string[] => [...readText(text).data.keys()].sort()

interface Secret {
  type: string
  metadata: { uid: string; resourceVersion: string; labels?: Record<string, string> }
  data: Record<string, string>
}

const secretOf = async (name: string, namespace: string) =>
  JSON.parse(await site.kubectl('get', 'secret', name, '-n', namespace, '-o', 'json')) as Secret

async function createAndApply({ kind, name, namespace = 'shop', flags }: Case): Promise<string> {
  const file = `${name}.sealed.yaml`
  const where = ['-n', namespace, '-k', 'cluster.key.yaml', '--out', file]
  await site.waxwing('create', kind, name, ...flags, ...where)
  await site.git('add', '.')
  await site.git('commit', '--quiet', '-m', `create ${name}`)
  const committed = await site.git('show', `HEAD:${file}`)
  await site.apply(committed)
  await site.kubectl('wait', '--for=condition=Ready', `${SEALED}/${name}`, '-n', namespace, '--timeout=30s')
  return committed
}

test.each(cases)('$kind ($name) becomes the Secret, byte for byte', async (one) => {
  const { name, namespace = 'shop', type, values } = one
  const committed = await createAndApply(one)
  const secret = await secretOf(name, namespace)
  expect(secret.type).toBe(type)
  const expected = values()
  expect(sealedKeys(committed)).toEqual(Object.keys(expected).sort())
  for (const [key, value] of Object.entries(expected))
    expect(secret.data[key], key).toBe(Buffer.from(value).toString('base64'))
  const others = Object.keys(secret.data).filter((key) => !Object.hasOwn(expected, key))
  // Only the token controller of the cluster adds any.
  if (one.kind === 'service-account-token') expect(CLUSTER_FILLED).toEqual(expect.arrayContaining(others))
  else expect(others).toEqual([])
})

test('all eight types are among them', () => {
  const types = Object.values(SECRET_KINDS).map(({ type }) => type ?? 'Opaque')
  expect(cases.map(({ type }) => type)).toEqual(expect.arrayContaining(types))
  expect(new Set(types).size).toBe(8)
})

test.each(cases.filter(({ kubectl }) => kubectl))(
  '$kind ($name) is what kubectl makes of its flags',
  async (one) => {
    const { name, flags, kubectl = [] } = one
    const create = ['create', 'secret', ...kubectl, 'x', ...flags, '--dry-run=client', '-o', 'json']
    const made = await must(site.plane.kubectl(create, { cwd: site.repository }))
    expect((JSON.parse(made) as Secret).data).toEqual((await secretOf(name, 'shop')).data)
  },
)

test("a service account's token is the cluster's, and nobody fights over it", async () => {
  const token = await until('the token', async () => (await secretOf('robot-token', 'shop')).data.token)
  const before = await secretOf('robot-token', 'shop')
  expect(Object.keys(before.data).sort()).toEqual(['ca.crt', 'extra', 'namespace', 'token'])
  // A change of the template makes the controller write; what the cluster filled in is left as it is.
  const labelled = readFileSync(path('robot-token.sealed.yaml'), 'utf8').replace(
    /^ {4}metadata:\n/m,
    '    metadata:\n      labels: { app: shop }\n',
  )
  await site.apply(labelled)
  const after = await until('the label', async () => {
    const secret = await secretOf('robot-token', 'shop')
    return secret.metadata.labels?.app === 'shop' && secret
  })
  expect(after.data).toEqual(before.data)
  expect(after.metadata.uid).toBe(before.metadata.uid)
  // Once everything is said to be done, nothing is written any more.
  await site.kubectl('wait', '--for=condition=Ready', `${SEALED}/robot-token`, '-n', 'shop', '--timeout=30s')
  const { metadata } = await secretOf('robot-token', 'shop')
  expect(metadata.resourceVersion).toBe(after.metadata.resourceVersion)

  // The token works: the API server knows whose it is, and notes its use in a label, which stays.
  const kubeconfig = await site.plane.kubeconfigFor(Buffer.from(token, 'base64').toString())
  const whoami = ['auth', 'whoami', '-o', 'jsonpath={.status.userInfo.username}']
  expect(await must(site.plane.kubectl(whoami, { kubeconfig }))).toBe('system:serviceaccount:shop:robot')
  await site.apply(readFileSync(path('robot-token.sealed.yaml'), 'utf8'))
  const used = await until('no label of ours', async () => {
    const secret = await secretOf('robot-token', 'shop')
    return secret.metadata.labels?.app === undefined && secret
  })
  expect(used.data).toEqual(before.data)
  expect(used.metadata.labels).toHaveProperty(['kubernetes.io/legacy-token-last-used'])
})

test('openssl and ssh-keygen read what is in the cluster', async () => {
  const [web, deploy] = await Promise.all([secretOf('tls', 'shop'), secretOf('ssh-auth', 'shop')])
  const value = (secret: Secret, key: string) => Buffer.from(secret.data[key] ?? '', 'base64')
  const publicKey =
    (...args: string[]) =>
    (input: Buffer) =>
      must(run('openssl', args, { input }))
  const ofCertificate = publicKey('x509', '-noout', '-pubkey')(value(web, 'tls.crt'))
  const ofKey = publicKey('pkey', '-pubout')(value(web, 'tls.key'))
  expect(await ofKey).toBe(await ofCertificate)
  await writeFile(path('plain/from-cluster'), value(deploy, 'ssh-privatekey'), { mode: 0o600 })
  const line = await must(run('ssh-keygen', ['-y', '-f', path('plain/from-cluster')]))
  expect(line.split(' ')[1]).toBe(bytes('id_ed25519.pub').toString().split(' ')[1])
})

test('a bootstrap token that nobody gave is one that the cluster takes', async () => {
  await createAndApply({
    kind: 'bootstrap-token',
    name: 'bootstrap-token-xyz789',
    namespace: 'kube-system',
    type: '',
    flags: ['--ttl=7d', '--groups=system:bootstrappers:pool'],
    values: () => ({}),
  })
  const { data } = await secretOf('bootstrap-token-xyz789', 'kube-system')
  const value = (key: string) => Buffer.from(data[key] ?? '', 'base64').toString()
  expect(value('token-id')).toBe('xyz789')
  expect(value('token-secret')).toMatch(/^[a-z0-9]{16}$/)
  expect(Date.parse(value('expiration'))).toBeGreaterThan(Date.now())
})
