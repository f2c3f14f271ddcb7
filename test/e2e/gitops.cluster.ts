import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { dump } from 'js-yaml'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { canary, expectNoCanary } from '../support/canary.ts'
import { type Controller, startController, until } from '../support/programs.ts'
import { SERVICE_ACCOUNT, type Site, startSite } from './support.ts'

// The whole way on a real API server, with real git and kubectl, the controller holding only the chart's rights.

const buildTime = 20 * 60_000
const SEALED = 'sealedsecrets.waxwing.dev'
const VERBOSE = ['--log-level', 'debug', '--log-format', 'json', '--lease-duration', '5']

let site: Site
let controller: Controller
/** The Lease changes all the time, and a question about one's own rights is stored nowhere. */
const NO_OBJECTS = ['leases', 'selfsubjectaccessreviews']
/** What the controllers that have ended have logged. */
let logs = ''

beforeAll(async () => {
  site = await startSite()
  for (const namespace of ['shop', 'other', 'many']) await site.kubectl('create', 'namespace', namespace)
  controller = startController(site.controllerKubeconfig, VERBOSE)
  await until(
    'the published key',
    async () => (await site.kubectl('get', 'sealingkeys', '-o', 'name')) !== '',
  )
  await writeFile(join(site.repository, 'cluster.key.yaml'), await site.waxwing('keys', 'fetch'))
}, buildTime)

afterAll(async () => {
  await controller?.end('SIGKILL')
  await site?.stop()
})

/** Seals, commits, and applies what the commit holds. */
async function commitAndApply(
  name: string,
  stringData: Record<string, string>,
  namespace = 'shop',
): Promise<void> {
  const plain = join(site.repository, `${name}.yaml`)
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace }, stringData }
  await writeFile(plain, dump(secret))
  await site.waxwing('seal', '-k', 'cluster.key.yaml', `${name}.yaml`, '--out', `${name}.sealed.yaml`)
  await rm(plain)
  await site.git('add', '.')
  await site.git('commit', '--quiet', '-m', `seal ${name}`)
  await site.apply(await committed(name))
}

const committed = (name: string) => site.git('show', `HEAD:${name}.sealed.yaml`)

const ready = (name: string) =>
  site.kubectl('wait', '--for=condition=Ready', `${SEALED}/${name}`, '-n', 'shop', '--timeout=30s')

async function secretData(name: string): Promise<Record<string, string>> {
  const data = JSON.parse((await site.field(`secret/${name}`, 'shop', '{.data}')) || '{}') as Record<
    string,
    string
  >
  return Object.fromEntries(
    Object.entries(data).map(([key, text]) => [key, Buffer.from(text, 'base64').toString()]),
  )
}

const stalled = (name: string, namespace = 'shop') =>
  until(`${name} is Stalled`, async () => {
    const text = await site.field(`${SEALED}/${name}`, namespace, '{.status.conditions}')
    const conditions = JSON.parse(text || '[]') as {
      type: string
      status: string
      reason: string
      message: string
    }[]
    return conditions.find(({ type, status }) => type === 'Stalled' && status === 'True')
  })

async function endController(signal: NodeJS.Signals) {
  const ended = await controller.end(signal)
  logs += controller.log()
  return ended
}

/** A page of the running controller; `listen` for keys and health, `metrics` for the other. */
async function get(server: 'listen' | 'metrics', path: string): Promise<Response> {
  const address = await until(
    'the addresses',
    async () => new RegExp(`"${server}":"([^"]+)"`).exec(controller.log())?.[1],
  )
  return fetch(`http://${address}${path}`)
}

test('a committed file becomes the Secret, byte for byte', async () => {
  const values = { password: canary().text, user: 'app', empty: '', unicode: 'päß ✓' }
  await commitAndApply('db', values)
  await ready('db')
  expect(await secretData('db')).toEqual(values)
})

test('a changed value and a removed value reach the Secret', async () => {
  await commitAndApply('db', { password: 'another', user: 'app' })
  await ready('db')
  await until('the new data', async () => (await secretData('db')).password === 'another')
  expect(await secretData('db')).toEqual({ password: 'another', user: 'app' })
})

test('a template change reaches the Secret, and what it no longer names goes', async () => {
  const withLabel = (await committed('db')).replace(
    /\nspec:\n/,
    '\nspec:\n  template:\n    metadata:\n      labels: {app: shop}\n',
  )
  await site.apply(withLabel)
  await until(
    'the label',
    async () => (await site.field('secret/db', 'shop', '{.metadata.labels.app}')) === 'shop',
  )
  await site.apply(await committed('db'))
  await until(
    'no label',
    async () => (await site.field('secret/db', 'shop', '{.metadata.labels.app}')) === '',
  )
})

test('deleting the object collects the Secret', async () => {
  await site.kubectl('delete', SEALED, 'db', '-n', 'shop')
  await until(
    'the Secret is gone',
    async () => (await site.field('secret/db', 'shop', '{.metadata.name}')) === '',
    60_000,
  )
})

test('a tampered file is Stalled with its reason, and makes no Secret', async () => {
  await commitAndApply('bad', { password: canary().text })
  await ready('bad')
  await site.kubectl('delete', SEALED, 'bad', '-n', 'shop')
  await until(
    'the Secret is gone',
    async () => (await site.field('secret/bad', 'shop', '{.metadata.name}')) === '',
    60_000,
  )
  const text = await committed('bad')
  // One character inside the value, not at its end, whose spare bits the format checks by itself.
  const tampered = text.replace(
    /("password": "[a-z2-7]{8}\..{20})(.)/,
    (_, before, one) => before + (one === 'A' ? 'B' : 'A'),
  )
  expect(tampered).not.toBe(text)
  await site.apply(tampered)
  expect((await stalled('bad')).reason).toBe('Tampered')
  expect(await site.field('secret/bad', 'shop', '{.metadata.name}')).toBe('')
})

test('a file applied to another namespace is refused as moved', async () => {
  await site.apply((await committed('bad')).replace('namespace: shop', 'namespace: other'))
  expect((await stalled('bad', 'other')).reason).toBe('Moved')
  expect(await site.field('secret/bad', 'other', '{.metadata.name}')).toBe('')
})

test('killed in the middle of 200 and started again: everything is there, written once; another start writes nothing', async () => {
  const count = 200
  await endController('SIGKILL')
  const secrets = Array.from({ length: count }, (_, i) => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: `many-${i}`, namespace: 'many' },
    stringData: { a: `a${i}`, b: canary().text, c: `c${i}` },
  }))
  const text = secrets.map((secret) => dump(secret)).join('---\n')
  await writeFile(join(site.repository, 'many.yaml'), text)
  await site.waxwing('seal', '-k', 'cluster.key.yaml', 'many.yaml', '--out', 'many.sealed.yaml')
  await site.apply(await commitMany())
  controller = startController(site.controllerKubeconfig, VERBOSE)
  // 200 take half a second, so the kill must not wait for kubectl to list them.
  const inMany = ({ namespace }: { namespace: string }) => namespace === 'many'
  await until('the first of them', async () => (await controllerWrites()).some(inMany), 30_000, 2)
  await endController('SIGKILL')
  const some = await countSecrets()
  expect(some).toBeGreaterThan(0)
  expect(some).toBeLessThan(count)

  controller = startController(site.controllerKubeconfig, VERBOSE)
  await until('all are Ready', async () => (await readyCount()) === count, 60_000)
  expect(await countSecrets()).toBe(count)
  // What etcd counts is exact even where the kill cut off the answer: one write made the Secret, and no more
  // than two followed the apply of the object.
  const everyOne = new Set(secrets.map(({ metadata: { name } }) => name))
  const secretWrites = await site.plane.timesWritten('secrets', 'many')
  const objectWrites = await site.plane.timesWritten('waxwing.dev/sealedsecrets', 'many')
  expect(new Set(secretWrites.keys())).toEqual(everyOne)
  expect(new Set(objectWrites.keys())).toEqual(everyOne)
  expect(new Set(secretWrites.values())).toEqual(new Set([1]))
  expect(Math.min(...objectWrites.values())).toBeGreaterThan(1)
  expect(Math.max(...objectWrites.values())).toBeLessThanOrEqual(1 + 2)
  // The audit log has the same writes, accepted ones and such as the kill left without an answer.
  const audit = (await controllerRequests()).filter(inMany)
  for (const name of everyOne) {
    const own = audit.filter((request) => request.name === name)
    const [made, statuses] = ['secrets/', 'sealedsecrets/status'].map((kind) => {
      const requests = own.filter(({ resource, subresource }) => `${resource}/${subresource}` === kind)
      const accepted = requests.filter(({ code }) => code < 400).map(({ verb }) => verb)
      return { accepted, cutOff: requests.some(({ code }) => code >= 500) }
    })
    expect(made?.accepted, name).toEqual(made?.accepted.length === 0 && made.cutOff ? [] : ['create'])
    expect(statuses?.accepted.length, name).toBeLessThanOrEqual(2)
    expect(statuses?.accepted.length === 0 && !statuses.cutOff, name).toBe(false)
  }

  const end = await endController('SIGTERM')
  expect(end.code).toBe(0)
  expect(end.ms).toBeLessThan(5_000)
  const before = (await controllerWrites()).length
  controller = startController(site.controllerKubeconfig, VERBOSE)
  await until('the third start is ready', async () => (await get('listen', '/readyz')).status === 200)
  await new Promise((resolve) => setTimeout(resolve, 3_000))
  expect((await controllerWrites()).slice(before)).toEqual([])

  async function commitMany(): Promise<string> {
    await rm(join(site.repository, 'many.yaml'))
    await site.git('add', '.')
    await site.git('commit', '--quiet', '-m', 'seal many')
    return committed('many')
  }
  async function readyCount(): Promise<number> {
    const jsonpath = 'jsonpath={.items[*].status.conditions[?(@.type=="Ready")].status}'
    const states = await site.kubectl('get', SEALED, '-n', 'many', '-o', jsonpath)
    return states.split(' ').filter((state) => state === 'True').length
  }
  async function countSecrets(): Promise<number> {
    return (await site.kubectl('get', 'secrets', '-n', 'many', '-o', 'name')).split('\n').filter(Boolean)
      .length
  }
  async function controllerRequests() {
    return (await site.plane.auditEvents()).filter(
      ({ user, resource }) => user === SERVICE_ACCOUNT && !NO_OBJECTS.includes(resource),
    )
  }
  async function controllerWrites() {
    return (await controllerRequests()).filter(({ code }) => code < 400)
  }
})

test('no value is in a log, an event, a status, a metric, the audit log or the repository', async () => {
  const places = {
    logs: logs + controller.log(),
    events: await site.kubectl('get', 'events', '-A', '-o', 'json'),
    objects: await site.kubectl('get', `${SEALED},sealingkeys`, '-A', '-o', 'json'),
    metrics: await (await get('metrics', '/metrics')).text(),
    audit: JSON.stringify(await site.plane.auditEvents()),
    git: await site.git('log', '--patch', '--all'),
  }
  for (const [where, text] of Object.entries(places)) {
    expect(text.length, where).toBeGreaterThan(100)
    expectNoCanary(text, where)
  }
})
