import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ControlPlane, startControlPlane } from '../controlplane/start.ts'
import { controllerProgram, must, root, until, waxwing } from '../support/programs.ts'
import { type PodNetwork, startPodNetwork } from './pod-network.ts'

// The controller as a pod would run it, with in-cluster configuration and without the right to publish its key, so that
// the CLI has to ask for the key through the API server's service proxy.

const buildTime = 20 * 60_000
const NAMESPACE = 'waxwing-system'

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
  const flags = ['--namespace', NAMESPACE, '--set', 'publishKeys=false']
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
