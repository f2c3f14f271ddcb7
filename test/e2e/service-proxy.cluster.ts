import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadAll } from 'js-yaml'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { chooseKem } from '../../shared/crypto/kem/choose.ts'
import type { SealedSecret } from '../../shared/format/sealed-secret.ts'
import { sealedSecretObject, yamlText } from '../../shared/format/write.ts'
import { readSealingKey, type SealingKey } from '../../shared/keys/public.ts'
import { type ControlPlane, startControlPlane } from '../controlplane/start.ts'
import { canary, expectNoCanary } from '../support/canary.ts'
import { sealFor } from '../support/objects.ts'
import { controllerProgram, must, root, until, waxwing } from '../support/programs.ts'
import { type PodNetwork, startPodNetwork } from './pod-network.ts'

// The controller as a pod would run it, with in-cluster configuration and without the right to publish its key, so that
// the CLI has to ask for the key through the API server's service proxy.

const buildTime = 20 * 60_000
const NAMESPACE = 'waxwing-system'
const secret = canary()

let plane: ControlPlane
let network: PodNetwork
let controller: ChildProcess

const kubectl = (...args: string[]) => must(plane.kubectl(args))
const apply = (...objects: object[]) =>
  must(
    plane.kubectl(['apply', '-f', '-'], {
      input: objects.map((object) => JSON.stringify(object)).join('\n---\n'),
    }),
  )

beforeAll(async () => {
  network = await startPodNetwork()
  plane = await startControlPlane({ bind: { advertise: network.hostAddress } })
  const chart = join(root, 'charts/waxwing')
  await kubectl('apply', '-f', join(chart, 'crds'))
  await kubectl('wait', '--for=condition=Established', 'crd', '--all')
  await kubectl('create', 'namespace', NAMESPACE)
  const flags = ['--namespace', NAMESPACE, '--set', 'publishKeys=false,reviewCallers=true']
  const rendered = await must(plane.helm(['template', 'waxwing', chart, ...flags]))
  await must(plane.kubectl(['apply', '-f', '-'], { input: rendered }))
  // No node runs the Deployment's pods; the process below takes their place behind the chart's own Service.
  await kubectl('delete', 'deployment', 'waxwing', '-n', NAMESPACE)
  await kubectl(
    'patch',
    'service',
    'waxwing',
    '-n',
    NAMESPACE,
    '--type=json',
    '-p',
    '[{"op":"remove","path":"/spec/selector"}]',
  )
  await network.setIdentity({
    token: (await kubectl('create', 'token', 'waxwing', '-n', NAMESPACE)).trim(),
    namespace: NAMESPACE,
    ca: await readFile(plane.caFile, 'utf8'),
  })
  await endpoint()
  const [command = '', ...args] = network.wrap([process.execPath, controllerProgram])
  const { hostname, port } = new URL(plane.server)
  const env = {
    PATH: process.env.PATH,
    KUBERNETES_SERVICE_HOST: hostname,
    KUBERNETES_SERVICE_PORT: port,
    HOME: '/nonexistent',
  }
  controller = spawn(command, args, { env, stdio: 'ignore' })
}, buildTime)

afterAll(async () => {
  if (controller?.exitCode === null) {
    controller.kill('SIGTERM')
    await once(controller, 'exit')
  }
  await plane?.stop()
  await network?.stop()
})

async function endpoint(): Promise<void> {
  const pod = { name: 'waxwing-0', namespace: NAMESPACE }
  await apply({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: pod,
    spec: {
      nodeName: 'nowhere',
      securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
      containers: [{ name: 'controller', image: 'none' }],
    },
  })
  const status = {
    phase: 'Running',
    podIP: network.podAddress,
    podIPs: [{ ip: network.podAddress }],
    conditions: [{ type: 'Ready', status: 'True' }],
  }
  await kubectl(
    'patch',
    'pod',
    pod.name,
    '-n',
    NAMESPACE,
    '--subresource=status',
    '--type=merge',
    '-p',
    JSON.stringify({ status }),
  )
  await apply({
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      name: 'waxwing-0',
      namespace: NAMESPACE,
      labels: { 'kubernetes.io/service-name': 'waxwing' },
    },
    addressType: 'IPv4',
    endpoints: [
      { addresses: [network.podAddress], conditions: { ready: true }, targetRef: { kind: 'Pod', ...pod } },
    ],
    ports: [
      { name: 'http', port: 8080 },
      { name: 'metrics', port: 9090 },
    ],
  })
}

const proxy = (port: string, path: string) =>
  plane.kubectl([
    'get',
    '--raw',
    `/api/v1/namespaces/${NAMESPACE}/services/http:waxwing:${port}/proxy${path}`,
  ])

test('the controller serves with nothing but what a pod is given', async () => {
  await until('readyz', async () => (await proxy('http', '/readyz')).code === 0)
  expect(await must(proxy('http', '/healthz'))).toContain('ok')
  expect(await must(proxy('metrics', '/metrics'))).toContain('# TYPE')
  expect(await kubectl('get', 'sealingkeys', '-o', 'name')).toBe('')
})

test('keys fetch finds the key through the service proxy', async () => {
  const env = { ...process.env, KUBECONFIG: plane.kubeconfig }
  const fetched = await must(waxwing(['keys', 'fetch'], { env }))
  expect(fetched).toContain('kind: SealingKey')
  const id = /^ {2}id: "?(wx[a-z2-7]{26})"?$/m.exec(fetched)?.[1] ?? ''
  expect(await must(waxwing(['keys', 'fetch', '--pin', id], { env }))).toBe(fetched)
  const other = await waxwing(['keys', 'fetch', '--pin', `wx${'a'.repeat(26)}`], { env })
  expect(other.code).toBe(1)
  expect(other.stdout).toBe('')
  expect(other.stderr).toContain('[key-pinned]')
})

describe('the POST routes', () => {
  let key: SealingKey

  beforeAll(async () => {
    for (const namespace of ['shop', 'other']) {
      await kubectl('create', 'namespace', namespace)
      for (const account of ['sealer', 'nobody'])
        await kubectl('create', 'serviceaccount', account, '-n', namespace)
      const subject = `--serviceaccount=${namespace}:sealer`
      await kubectl('create', 'rolebinding', 'sealer', '-n', namespace, '--clusterrole=edit', subject)
    }
    const [fetched] = loadAll(await must(proxy('http', '/v1/keys')))
    key = readSealingKey(fetched)
    const may = [
      'auth',
      'can-i',
      'update',
      'sealedsecrets.waxwing.dev',
      '-n',
      'shop',
      '--as=system:serviceaccount:shop:sealer',
    ]
    // The role is aggregated by a controller of Kubernetes.
    await until('the right', async () => (await plane.kubectl(may)).code === 0)
  })

  const token = async (name: string, namespace = 'shop', audience = 'waxwing') =>
    (await kubectl('create', 'token', name, '-n', namespace, '--audience', audience)).trim()
  const seal = async (identity: { name?: string; namespace?: string } = {}) =>
    sealFor(
      await chooseKem(),
      [key],
      new Map([['password', secret.bytes]]),
      (n) => new Uint8Array(randomBytes(n)),
      identity,
    )
  const textOf = (sealed: SealedSecret) => JSON.stringify(sealedSecretObject(sealed))

  /** Through the API server, as its admin, with another token for the controller. */
  async function post(route: string, body: string, own: string | undefined) {
    const { clusters, users } = JSON.parse(await readFile(plane.kubeconfig, 'utf8'))
    const ca = await readFile(clusters[0].cluster['certificate-authority'] ?? plane.caFile)
    const headers = {
      Authorization: `Bearer ${users[0].user.token}`,
      'Content-Type': 'application/json',
      'Content-Length': Buffer.byteLength(body),
      ...(own !== undefined && { 'X-Waxwing-Token': own }),
    }
    const path = `/api/v1/namespaces/${NAMESPACE}/services/http:waxwing:http/proxy/v1/${route}`
    return new Promise<{ status: number; headers: string[]; body: string }>((resolve, reject) => {
      const sent = request(
        `${plane.server}${path}`,
        { method: 'POST', headers, ca, agent: false },
        (response) => {
          const chunks: Buffer[] = []
          response.on('data', (chunk: Buffer) => chunks.push(chunk))
          response.on('end', () => {
            // These are the API server's, of each request its own.
            const names = /^(date|audit-id|x-kubernetes-.*)$/i
            resolve({
              status: response.statusCode ?? 0,
              headers: response.rawHeaders.filter((_, i, all) => !names.test(all[i - (i % 2)] ?? '')),
              body: Buffer.concat(chunks).toString(),
            })
          })
        },
      )
      sent.on('error', reject)
      sent.end(body)
    })
  }

  test('open and rewrap for who may update the object', async () => {
    const sealed = textOf(await seal())
    expect(await post('verify', sealed, await token('sealer'))).toMatchObject({
      status: 200,
      body: '{"result":"opens"}',
    })
    expect(await post('rewrap', sealed, await token('sealer'))).toMatchObject({ status: 200, body: sealed })
  })

  test('say the same to everybody else, to the byte', async () => {
    const good = await seal()
    const sealer = await token('sealer')
    const nobody = await token('nobody')
    const malformed = '{"kind":"SealedSecret"}'
    const cases: [string, string, string | undefined][] = [
      ['no token', textOf(good), undefined],
      ['no such token', textOf(good), 'x'],
      [
        'another audience',
        textOf(good),
        await token('sealer', 'shop', 'https://kubernetes.default.svc.cluster.local'),
      ],
      ['no right', textOf(good), nobody],
      ['no right, malformed', malformed, nobody],
      ['no right, elsewhere', textOf(await seal({ namespace: 'other' })), nobody],
      ['no right, moved', textOf({ ...good, name: 'moved' }), nobody],
      ['no right, nowhere', textOf(await seal({ namespace: 'nowhere' })), nobody],
      ['a right in another namespace', textOf(await seal({ namespace: 'other' })), sealer],
      ['a right there, not here', textOf(good), await token('sealer', 'other')],
      ['a right, moved', textOf({ ...good, name: 'moved' }), sealer],
      ['a right, malformed', malformed, sealer],
    ]
    const answers = []
    for (const [what, body, own] of cases)
      for (const route of ['verify', 'rewrap']) answers.push({ what, ...(await post(route, body, own)) })
    expect(answers[0]).toMatchObject({ status: 403, body: '{"error":"refused"}' })
    for (const { what, ...answer } of answers) expect({ what, ...answer }).toEqual({ ...answers[0], what })
    expectNoCanary(JSON.stringify(answers), 'the answers', [secret])
  })

  test('answer the CLI, which asks in the name of a ServiceAccount', async () => {
    const env = { ...process.env, KUBECONFIG: plane.kubeconfig }
    const dir = await mkdtemp(join(tmpdir(), 'waxwing-proxy-'))
    try {
      await writeFile(join(dir, 'a.yaml'), yamlText(sealedSecretObject(await seal())))
      const ask = (account: string, ...args: string[]) =>
        waxwing([...args, '--cluster', '--as-service-account', account, 'a.yaml'], { env, cwd: dir })
      expect(await ask('shop/sealer', 'verify')).toMatchObject({ code: 0, stdout: '' })
      expect(await ask('shop/nobody', 'verify')).toMatchObject({
        code: 1,
        stdout: expect.stringContaining('cluster-refused'),
      })
      expect(await ask('shop/sealer', 'rewrap', '--yes')).toMatchObject({
        code: 0,
        stderr: 'nothing to rewrap\n',
      })
    } finally {
      await rm(dir, { recursive: true })
    }
  })
})
