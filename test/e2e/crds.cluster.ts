import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ControlPlane, startControlPlane } from '../controlplane/start.ts'

// The CRDs as a real API server reads them: what it stores, prunes, refuses and shows.

// The first start on a machine builds the binaries.
const buildTime = 20 * 60_000
const crds = fileURLToPath(new URL('../../charts/waxwing/crds', import.meta.url))

let plane: ControlPlane

beforeAll(async () => {
  plane = await startControlPlane()
  await kubectl('apply', '-f', crds)
  await kubectl('wait', '--for=condition=Established', 'crd', '-l', 'app.kubernetes.io/name=waxwing')
  await kubectl('create', 'namespace', 'a')
}, buildTime)

afterAll(() => plane?.stop())

/** kubectl, as the admin, which has to succeed; what it printed. */
async function kubectl(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await plane.kubectl(args)
  if (code !== 0) throw new Error(`kubectl ${args.join(' ')}: ${stderr}${stdout}`)
  return stdout.trim()
}

const spec = {
  scope: 'strict',
  envelopes: [
    {
      id: 'aaaaaaaa',
      suite: 'xwing-xsalsa20poly1305',
      binding: 'aaaaaaaaaaaaaaaa',
      commitment: Buffer.alloc(32).toString('base64'),
      recipients: [
        {
          key: `wx${'a'.repeat(26)}`,
          kem: Buffer.alloc(1120).toString('base64'),
          wrap: Buffer.alloc(48).toString('base64'),
        },
      ],
    },
  ],
  data: { password: `aaaaaaaa.${Buffer.alloc(72).toString('base64')}`, ['__proto__']: 'aaaaaaaa.AAAA' },
  template: {
    type: 'Opaque',
    immutable: false,
    metadata: { labels: { app: 'db' }, annotations: {} },
    data: { url: 'postgres://app:{{ .password }}@db/app' },
  },
}
const object = (name: string, changed: Record<string, unknown> = {}) => ({
  apiVersion: 'waxwing.dev/v1alpha1',
  kind: 'SealedSecret',
  metadata: { name, namespace: 'a' },
  spec: { ...spec, ...changed },
})
const apply = (manifest: unknown, ...flags: string[]) =>
  plane.kubectl(['apply', ...flags, '-f', '-'], { input: JSON.stringify(manifest) })
const read = async (name: string) => JSON.parse(await kubectl('-n', 'a', 'get', 'wxs', name, '-o', 'json'))

test('both CRDs are structural', async () => {
  const listed = JSON.parse(await kubectl('get', 'crd', '-l', 'app.kubernetes.io/name=waxwing', '-o', 'json'))
  for (const crd of listed.items) {
    const holding = crd.status.conditions.filter(({ status }: { status: string }) => status === 'True')
    expect(holding.map(({ type }: { type: string }) => type).sort()).toEqual(['Established', 'NamesAccepted'])
  }
})

test.each(['--server-side=false', '--server-side'])(
  'a spec is stored as it was applied with %s',
  async (flag) => {
    expect(await apply(object('stored'), flag)).toMatchObject({ code: 0, stderr: '' })
    const stored = await read('stored')
    expect(stored.spec).toEqual(spec)
    expect(stored.status).toEqual({ observedGeneration: -1 })
    await kubectl('-n', 'a', 'delete', 'wxs', 'stored')
  },
)

test('the server lets objects through that only the controller can judge', async () => {
  const malformed = object('malformed', {
    envelopes: [],
    data: { password: 'no-envelope', 'not a key': '' },
  })
  expect(await apply(malformed)).toMatchObject({ code: 0 })
  expect(
    await apply({ ...malformed, metadata: { name: 'empty', namespace: 'a' }, spec: { scope: 'cluster' } }),
  ).toMatchObject({ code: 0 })
})

test.each([
  ['an unknown field', { scop: 'strict' }, 'unknown field "spec.scop"'],
  ['an unknown scope', { scope: 'loose' }, 'spec.scope: Unsupported value: "loose"'],
  [
    'a value that YAML made a number',
    { data: { password: 12 } },
    'spec.data.password: Invalid value: "integer"',
  ],
  ['too many envelopes', { envelopes: Array(65).fill(spec.envelopes[0]) }, 'spec.envelopes: Too many: 65'],
])('the server refuses %s, and says where', async (_, changed, message) => {
  const { code, stderr } = await apply(object('refused', changed))
  expect(code).toBe(1)
  expect(stderr).toContain(message)
})

test('the status that the controller writes is kept and shown, with fields of a later version', async () => {
  await apply(object('shown'))
  const condition = {
    type: 'Ready',
    status: 'False',
    reason: 'Moved',
    message: 'sealed for another name',
    lastTransitionTime: '2026-11-24T00:00:00Z',
    observedGeneration: 1,
  }
  const status = {
    observedGeneration: 1,
    conditions: [condition],
    secret: { uid: 'u', resourceVersion: '7', later: 'x' },
    later: { x: 1 },
  }
  const patch = [
    'patch',
    'wxs',
    'shown',
    '--subresource=status',
    '--type=merge',
    '-p',
    JSON.stringify({ status }),
  ]
  await kubectl('-n', 'a', ...patch)
  expect((await read('shown')).status).toEqual(status)
  const stored = await kubectl('-n', 'a', 'get', 'wxs', 'shown', '--show-managed-fields', '-o', 'json')
  const managed: { subresource?: string; fieldsV1: unknown }[] = JSON.parse(stored).metadata.managedFields
  const ofStatus = managed.filter(({ subresource }) => subresource === 'status')
  expect(ofStatus.map(({ fieldsV1 }) => fieldsV1)).toEqual([{ 'f:status': {} }])
  const shown = await kubectl('-n', 'a', 'get', 'wxs', 'shown', '-o', 'wide')
  expect(shown.split('\n')[0]?.split(/ +/)).toEqual(['NAME', 'READY', 'REASON', 'SCOPE', 'AGE', 'MESSAGE'])
  expect(shown.split('\n')[1]).toMatch(/^shown +False +Moved +strict +\S+ +sealed for another name$/)
})

test('a published key is stored and shown', async () => {
  const id = `wx${'a'.repeat(26)}`
  const key = {
    apiVersion: 'waxwing.dev/v1alpha1',
    kind: 'SealingKey',
    metadata: { name: id },
    spec: {
      holder: 'prod',
      id,
      suite: 'xwing-xsalsa20poly1305',
      publicKey: Buffer.alloc(1216).toString('base64'),
      notBefore: '2026-11-24T00:00:00Z',
      notAfter: '2026-12-24T00:00:00Z',
    },
  }
  expect(await apply(key)).toMatchObject({ code: 0, stderr: '' })
  expect(JSON.parse(await kubectl('get', 'sealingkeys', id, '-o', 'json')).spec).toEqual(key.spec)
  const shown = (await kubectl('get', 'sealingkeys')).split('\n').map((line) => line.split(/ +/))
  expect(shown[0]).toEqual(['NAME', 'HOLDER', 'NOTAFTER', 'STATE', 'AGE'])
  expect(shown[1]?.slice(0, 3)).toEqual([id, 'prod', '2026-12-24T00:00:00Z'])
})

test('kubectl explains the fields', async () => {
  expect(await kubectl('explain', 'wxs.spec.scope')).toContain('strict (this namespace and name)')
})
