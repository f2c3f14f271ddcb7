import { existsSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ControlPlane, startControlPlane } from './start.ts'

// The first start on a machine builds the binaries.
const buildTime = 20 * 60_000

const schema = { openAPIV3Schema: { type: 'object' } }
const widgets = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'widgets.example.com' },
  spec: {
    group: 'example.com',
    scope: 'Namespaced',
    names: { plural: 'widgets', singular: 'widget', kind: 'Widget' },
    versions: [{ name: 'v1', served: true, storage: true, schema }],
  },
}

let plane: ControlPlane

beforeAll(async () => {
  plane = await startControlPlane()
}, buildTime)

afterAll(() => plane?.stop())

/** kubectl as the admin, which has to succeed; what it printed. */
async function kubectl(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await plane.kubectl(args)
  expect(stderr + stdout).toSatisfy(() => code === 0)
  return stdout.trim()
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

test('kubectl and helm reach the server, which says its own version', async () => {
  expect(await kubectl('version')).toMatch(/Server Version: v1\.\d+\.\d+\n?/)
  const helm = await plane.helm(['version', '--short'])
  expect(helm).toMatchObject({ code: 0, stdout: expect.stringMatching(/^v3\.\d+\.\d+/) })
  expect(await plane.helm(['list', '--all-namespaces', '-o', 'json'])).toMatchObject({
    code: 0,
    stdout: '[]\n',
  })
})

test('the audit log holds each write once, and no read', async () => {
  await kubectl('create', 'namespace', 'audited')
  await kubectl('-n', 'audited', 'create', 'secret', 'generic', 'seen', '--from-literal=a=b')
  await kubectl('-n', 'audited', 'get', 'secret', 'seen')
  await kubectl('-n', 'audited', 'delete', 'secret', 'seen')

  const events = (await plane.auditEvents()).filter((event) => event.user === 'admin')
  const told = events.map(({ verb, resource, namespace, name, code }) => [
    verb,
    resource,
    namespace,
    name,
    code,
  ])
  expect(told).toEqual([
    ['create', 'namespaces', '', 'audited', 201],
    ['create', 'secrets', 'audited', 'seen', 201],
    ['delete', 'secrets', 'audited', 'seen', 200],
  ])
  expect(events[1]).toMatchObject({ subresource: '', userAgent: expect.stringContaining('kubectl') })
  expect(Number.isNaN(Date.parse(events[1]?.at ?? ''))).toBe(false)
})

test('the times an object was written are counted, and those of no other', async () => {
  await kubectl('create', 'namespace', 'counted')
  await kubectl('create', 'namespace', 'counted-not')
  for (const namespace of ['counted', 'counted-not']) {
    await kubectl('-n', namespace, 'create', 'secret', 'generic', 'seen', '--from-literal=a=b')
  }
  expect(await plane.timesWritten('secrets', 'counted')).toEqual(new Map([['seen', 1]]))
  await kubectl('-n', 'counted', 'label', 'secret', 'seen', 'a=b')
  expect(await plane.timesWritten('secrets', 'counted')).toEqual(new Map([['seen', 2]]))
  await kubectl('-n', 'counted', 'delete', 'secret', 'seen')
  expect(await plane.timesWritten('secrets', 'counted')).toEqual(new Map())
})

test('a ServiceAccount has only the rights it was given', async () => {
  await kubectl('create', 'namespace', 'rights')
  await kubectl('-n', 'rights', 'create', 'serviceaccount', 'reader')
  await kubectl('-n', 'rights', 'create', 'role', 'reader', '--verb=list', '--resource=configmaps')
  await kubectl(
    '-n',
    'rights',
    'create',
    'rolebinding',
    'reader',
    '--role=reader',
    '--serviceaccount=rights:reader',
  )
  const token = await kubectl('-n', 'rights', 'create', 'token', 'reader')
  const kubeconfig = await plane.kubeconfigFor(token)

  const allowed = await plane.kubectl(['-n', 'rights', 'get', 'configmaps'], { kubeconfig })
  expect(allowed.code).toBe(0)
  const refused = await plane.kubectl(['-n', 'rights', 'get', 'secrets'], { kubeconfig })
  expect(refused.code).toBe(1)
  expect(refused.stderr).toContain('system:serviceaccount:rights:reader')
})

/** What kubectl applies from its input. */
async function apply(object: object): Promise<void> {
  const applied = await plane.kubectl(['apply', '-f', '-'], { input: JSON.stringify(object) })
  expect(applied).toMatchObject({ code: 0, stdout: expect.stringMatching(/ created\n$/) })
}

/** A Secret goes when its owner goes, and not before. */
async function expectCollected(apiVersion: string, kind: string, name: string): Promise<void> {
  const uid = await kubectl('get', kind, name, '-o', 'jsonpath={.metadata.uid}')
  const ownerReferences = [{ apiVersion, kind, name, uid }]
  await apply({ apiVersion: 'v1', kind: 'Secret', metadata: { name, ownerReferences } })
  await sleep(1_000)
  expect(await kubectl('get', 'secret', name, '-o', 'name')).toBe(`secret/${name}`)
  await kubectl('delete', kind, name)
  await kubectl('wait', '--for=delete', `secret/${name}`, '--timeout=15s')
}

test('what an object owns goes with it', async () => {
  await kubectl('create', 'configmap', 'owner')
  await expectCollected('v1', 'ConfigMap', 'owner')
})

test('a restarted controller manager knows new kinds at once', async () => {
  await apply(widgets)
  await kubectl('wait', '--for=condition=Established', 'crd/widgets.example.com')
  await plane.restart('kcm')
  await apply({ apiVersion: 'example.com/v1', kind: 'Widget', metadata: { name: 'custom' } })
  await expectCollected('example.com/v1', 'Widget', 'custom')
})

test('data outlives a restart of the server and of etcd, even after SIGKILL', async () => {
  await kubectl('create', 'configmap', 'kept', '--from-literal=a=b')
  const before = plane.pids
  await plane.restart('apiserver')
  expect(await kubectl('get', 'configmap', 'kept', '-o', 'jsonpath={.data.a}')).toBe('b')

  await plane.kill('etcd', 'SIGKILL')
  expect(alive(before.etcd)).toBe(false)
  await plane.restart('etcd')
  expect(await kubectl('get', 'configmap', 'kept', '-o', 'jsonpath={.data.a}')).toBe('b')

  expect(alive(before.apiserver)).toBe(false)
  expect(plane.pids).toMatchObject({ kcm: before.kcm })
  expect((await plane.auditEvents()).filter((event) => event.name.includes('probe'))).toEqual([])
})

test('stop leaves neither a process nor a file', async () => {
  const pids = Object.values(plane.pids)
  expect(pids.map(alive)).toEqual([true, true, true])
  await plane.stop()
  expect(pids.map(alive)).toEqual([false, false, false])
  expect(existsSync(plane.dir)).toBe(false)
})
