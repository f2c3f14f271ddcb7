import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { storePlain } from '../../../controller/keys/at-rest/stored.ts'
import { newKeySecret } from '../../../controller/keys/key-secret.ts'
import type { SecretObject } from '../../../controller/objects.ts'
import { run } from '../../../controller/run.ts'
import { chooseKem } from '../../../shared/crypto/kem/choose.ts'
import type { RecipientKey } from '../../../shared/format/seal.ts'
import { NAMESPACES, SEALED_SECRETS, SECRETS } from '../../../shared/kube/resources.ts'
import { kubeconfigText } from '../../../shared/sandbox/kubeconfig.ts'
import type { Sandbox } from '../../../shared/sandbox/start.ts'
import { startSandbox } from '../../../shared/sandbox/start.ts'
import {
  type ControllerSite,
  find,
  publishedKey,
  put,
  reached,
  seal,
  startSite,
  values,
} from '../../contract/controller-site.ts'
import { seededRandom } from '../../support/objects.ts'
import { until } from '../../support/programs.ts'
import { memoryLog } from './world.ts'

// The whole controller in this process, against an embedded server that fails as it is told.

let dir: string
let sandbox: Sandbox
let site: ControllerSite
let running: Started[]

interface Started {
  log: ReturnType<typeof memoryLog>
  get(path: string): Promise<Response>
  metrics(): Promise<string>
  /** How long it took. */
  stop(): Promise<number>
}

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'waxwing-run-'))
  sandbox = await startSandbox()
  running = []
  await writeFile(join(dir, 'kubeconfig'), sandbox.kubeconfig())
  site = await startSite(async () => ({
    kubeconfig: join(dir, 'kubeconfig'),
    audit: async () => sandbox.audit(),
    typesAdded: async () => undefined,
    loseWatches: async () => sandbox.cutWatches(),
    stop: () => sandbox.stop(),
  }))
})
afterEach(async () => {
  sandbox.faults.clear()
  for (const controller of running) await controller.stop()
  await site.stop()
  await rm(dir, { recursive: true, force: true })
})

async function start({
  watchNamespace = [] as string[],
  kubeconfig = join(dir, 'kubeconfig'),
} = {}): Promise<Started> {
  const log = memoryLog()
  const end = new AbortController()
  const options = {
    kubeconfig,
    watchNamespace,
    listen: { host: '127.0.0.1', port: 0 },
    metricsListen: { host: '127.0.0.1', port: 0 },
    concurrency: 4,
    logFormat: 'json' as const,
    logLevel: 'debug' as const,
    keyRenewEvery: 0,
    clusterName: 'prod',
    leaseName: 'waxwing',
    leaseDuration: 15,
    atRestCheck: 60,
    vaultMount: 'transit',
    vaultKey: 'waxwing',
    vaultAuthMount: 'kubernetes',
    vaultJwtFile: 'none',
    trustedProxy: [],
  }
  const ended = run(options, {
    log,
    signal: end.signal,
    now: Date.now,
    clock: () => performance.now(),
    random: () => 0.1,
    randomBytes: seededRandom(Date.now()),
  })
  ended.catch(() => undefined)
  const { fields } = await until('listening', async () =>
    log.lines.find(({ message }) => message === 'listening'),
  )
  const { listen, metrics } = fields as { listen: string; metrics: string }
  const controller: Started = {
    log,
    get: (path: string) => fetch(`http://${listen}${path}`),
    metrics: async () => (await fetch(`http://${metrics}/metrics`)).text(),
    async stop() {
      const started = performance.now()
      end.abort()
      await ended
      return performance.now() - started
    },
  }
  running.push(controller)
  return controller
}

const make = async (key: RecipientKey, name: string, namespace = 'shop') =>
  put(site.kube, await seal(key, { a: name }, { name, namespace }))

describe('starting', () => {
  test('without an API server: alive, not ready, and ends at once', async () => {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as { port: number }
    await new Promise((resolve) => server.close(resolve))
    const kubeconfig = join(dir, 'nowhere')
    await writeFile(kubeconfig, kubeconfigText({ url: `http://127.0.0.1:${port}`, token: 't' }))
    const controller = await start({ kubeconfig })
    await until('a lost watch', async () =>
      controller.log.lines.some(({ message }) => message.startsWith('lost')),
    )
    expect((await controller.get('/healthz')).status).toBe(200)
    expect((await controller.get('/readyz')).status).toBe(503)
    expect(await controller.metrics()).toMatch(
      /waxwing_watch_failures_total\{resource="sealedsecrets"\} [1-9]/,
    )
    expect(await controller.stop()).toBeLessThan(1_000)
  })

  test('beside a malformed key Secret: it is reported, the good one serves, and no second is made', async () => {
    const kem = await chooseKem()
    const good = await newKeySecret(
      kem,
      {
        name: 'good',
        namespace: 'waxwing-system',
        holder: 'prod',
        seed: new Uint8Array(32).fill(9),
        now: Date.now(),
      },
      storePlain,
    )
    await site.kube.create(SECRETS, good)
    const bad: SecretObject = { ...good, metadata: { ...good.metadata, name: 'bad' }, data: { seed: 'AAAA' } }
    await site.kube.create(SECRETS, bad)
    const controller = await start()
    await until('ready', async () => (await controller.get('/readyz')).ok)
    expect(controller.log.lines.filter(({ level }) => level === 'error').map(({ fields }) => fields)).toEqual(
      [{ secret: 'bad', state: 'active', why: 'the seed is not 32 bytes' }],
    )
    expect(await controller.metrics()).toContain('waxwing_sealing_keys{state="malformed"} 1')
    const { items } = await site.kube.list(SECRETS, { namespace: 'waxwing-system' })
    expect(items).toHaveLength(2)
    await make(await publishedKey(site.kube), 'db')
    await reached(site.kube, 'db', 'Synced')
  })

  test('while the list of key Secrets fails makes no key', async () => {
    const remove = sandbox.faults.add({
      match: { verb: 'list', resource: 'secrets', namespace: 'waxwing-system' },
      status: 500,
    })
    const controller = await start()
    await new Promise((resolve) => setTimeout(resolve, 700))
    expect(await site.writes()).toEqual([])
    remove()
    await until('ready', async () => (await controller.get('/readyz')).ok)
    const made = (await site.writes()).filter(
      ({ resource, verb }) => resource === 'secrets' && verb === 'create',
    )
    expect(made).toHaveLength(1)
  })

  describe('with a key and an object', () => {
    const watchNamespace = ['shop', 'other']
    beforeEach(async () => {
      const first = await start({ watchNamespace: ['other'] })
      await make(await publishedKey(site.kube), 'db')
      await first.stop()
    })

    test('works on it while other objects are still being listed', async () => {
      const fails = (verb: 'watch' | 'list') =>
        sandbox.faults.add({ match: { verb, resource: 'sealedsecrets', namespace: 'other' }, status: 500 })
      const remove = [fails('watch'), fails('list')]
      const controller = await start({ watchNamespace })
      await reached(site.kube, 'db', 'Synced')
      const notReady = await controller.get('/readyz')
      expect(notReady.status).toBe(503)
      expect(await notReady.text()).toContain('caches are not synced')
      for (const each of remove) each()
      await until('ready', async () => (await controller.get('/readyz')).ok)
      expect(await values(site.kube, 'db')).toEqual({ a: 'db' })
    })

    test('not before all Secrets are listed', async () => {
      const remove = sandbox.faults.add({
        match: { verb: 'list', resource: 'secrets', namespace: 'other' },
        status: 500,
      })
      const controller = await start({ watchNamespace })
      await until('the leader', async () =>
        controller.log.lines.some(({ message }) => message === 'became the leader'),
      )
      await new Promise((resolve) => setTimeout(resolve, 500))
      expect(await find(site.kube, SECRETS, 'db')).toBeUndefined()
      remove()
      await reached(site.kube, 'db', 'Synced')
    })
  })

  test('for some namespaces leaves the others alone', async () => {
    await site.kube.create(NAMESPACES, { metadata: { name: 'third' } })
    await start({ watchNamespace: ['shop', 'other'] })
    const key = await publishedKey(site.kube)
    await make(key, 'one', 'third')
    await make(key, 'two', 'shop')
    await make(key, 'three', 'other')
    await reached(site.kube, 'two', 'Synced', 'shop')
    await reached(site.kube, 'three', 'Synced', 'other')
    expect(await find(site.kube, SECRETS, 'one', 'third')).toBeUndefined()
  })
})

describe('while it runs', () => {
  test.each([
    [
      'requests refused',
      { match: { resource: 'secrets', verb: 'create' as const, namespace: 'shop' }, status: 500, times: 6 },
    ],
    [
      'requests throttled',
      {
        match: { resource: 'secrets', verb: 'create' as const, namespace: 'shop' },
        status: 429,
        retryAfter: 1,
        times: 2,
      },
    ],
    [
      'answers lost after the write',
      {
        match: { resource: 'secrets', verb: 'create' as const, namespace: 'shop' },
        after: 'write' as const,
        times: 4,
      },
    ],
    [
      'statuses refused',
      { match: { resource: 'sealedsecrets', subresource: 'status' }, status: 503, times: 6 },
    ],
    [
      'answers to statuses lost',
      { match: { resource: 'sealedsecrets', subresource: 'status' }, after: 'write' as const, times: 4 },
    ],
    [
      'connections reset',
      {
        match: { namespace: 'shop', verb: 'create' as const, resource: 'secrets' },
        closeConnection: true,
        times: 4,
      },
    ],
  ])('%s: all get there', async (_what, fault) => {
    await start()
    const key = await publishedKey(site.kube)
    sandbox.faults.add(fault)
    const names = Array.from({ length: 12 }, (_, i) => `db-${i}`)
    for (const name of names) await make(key, name)
    for (const name of names) {
      await reached(site.kube, name, 'Synced')
      expect(await values(site.kube, name)).toEqual({ a: name })
    }
    const creates = (await site.writes()).filter(
      ({ resource, code, name }) => resource === 'secrets' && code < 300 && name?.startsWith('db-'),
    )
    expect(creates).toHaveLength(names.length)
  })

  test.each([
    ['resets every connection', { closeConnection: true }],
    ['is out of order', { status: 503 }],
    ['takes no credentials', { status: 401 }],
  ])('an API server that %s makes everything rest, and nothing wait longer than it', async (_what, fault) => {
    const controller = await start()
    const key = await publishedKey(site.kube)
    const count = async (name: string) =>
      Number(new RegExp(`${name.replace(/[{}]/g, '\\$&')} (\\d+)`).exec(await controller.metrics())?.[1] ?? 0)
    const names = Array.from({ length: 24 }, (_, i) => `db-${i}`)
    for (const resource of ['leases', 'secrets']) sandbox.faults.add({ match: { resource }, ...fault })
    for (const name of names) await make(key, name)
    await until('a failure', async () => (await count('waxwing_reconciles_total{result="error"}')) > 0)
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    // Those at work when it began, once, and no other.
    expect(await count('waxwing_reconciles_total{result="error"}')).toBeLessThanOrEqual(4)
    expect(await count('waxwing_queue_depth{state="waiting"}')).toBe(names.length)
    sandbox.faults.clear()
    const cleared = performance.now()
    for (const name of names) await reached(site.kube, name, 'Synced')
    expect(performance.now() - cleared).toBeLessThan(10_000)
    expect(controller.log.lines.filter(({ fields }) => 'attempt' in fields && fields.attempt !== 1)).toEqual(
      [],
    )
  })

  test('requests whose links have broken without a word are given up when others are answered', async () => {
    const controller = await start()
    const key = await publishedKey(site.kube)
    sandbox.faults.add({
      match: { resource: 'secrets', verb: 'create', namespace: 'shop' },
      delayMs: 60_000,
      times: 2,
    })
    for (const name of ['one', 'two']) await make(key, name)
    await until('both are under way', async () =>
      /queue_depth\{state="running"\} 2/.test(await controller.metrics()),
    )
    sandbox.faults.add({ match: { resource: 'leases' }, status: 503, times: 2 })
    for (const name of ['one', 'two']) await reached(site.kube, name, 'Synced')
    expect(await values(site.kube, 'one')).toEqual({ a: 'one' })
  })

  test('watches that are cut, and a past that is compacted away, lose nothing', async () => {
    const controller = await start()
    const key = await publishedKey(site.kube)
    await make(key, 'before')
    await make(key, 'going')
    await reached(site.kube, 'before', 'Synced')
    await reached(site.kube, 'going', 'Synced')
    const remove = sandbox.faults.add({ match: { verb: 'watch' }, status: 410 })
    sandbox.cutWatches()
    await make(key, 'during')
    await site.kube.mergePatch(SECRETS, { namespace: 'shop', name: 'before' }, { data: { a: 'eA==' } })
    await site.kube.delete(SECRETS, { namespace: 'shop', name: 'going' })
    sandbox.compact()
    remove()
    await reached(site.kube, 'during', 'Synced')
    await until('drift put back', async () => (await values(site.kube, 'before')).a === 'before')
    await until('the deleted Secret', async () => (await values(site.kube, 'going')).a === 'going')
    expect(await controller.metrics()).toMatch(/waxwing_watch_failures_total\{resource="secrets"\} [1-9]/)
  })

  test('a namespace that goes away takes its objects along, without an error', async () => {
    const controller = await start()
    const key = await publishedKey(site.kube)
    await make(key, 'db', 'other')
    await reached(site.kube, 'db', 'Synced', 'other')
    await site.kube.delete(NAMESPACES, { name: 'other' })
    await until('it is gone', async () => !(await find(site.kube, NAMESPACES, 'other')))
    expect(
      (await site.kube.list(SECRETS)).items.filter(({ metadata }) => metadata.namespace === 'other'),
    ).toEqual([])
    expect(controller.log.lines.filter(({ level }) => level === 'error')).toEqual([])
  })
})

describe('ending', () => {
  test('waits for what is being written', async () => {
    const controller = await start()
    const key = await publishedKey(site.kube)
    sandbox.faults.add({ match: { resource: 'sealedsecrets', subresource: 'status' }, delayMs: 1_000 })
    await make(key, 'db')
    await until('the Secret', () => find(site.kube, SECRETS, 'db'))
    expect(await controller.stop()).toBeLessThan(3_000)
    await reached(site.kube, 'db', 'Synced')
  })

  test('but not for ever', async () => {
    const controller = await start()
    const key = await publishedKey(site.kube)
    sandbox.faults.add({ match: { resource: 'secrets', namespace: 'shop', verb: 'create' }, delayMs: 60_000 })
    await make(key, 'db')
    await until('the request is under way', async () =>
      /queue_depth\{state="running"\} 1/.test(await controller.metrics()),
    )
    expect(await controller.stop()).toBeLessThan(5_000)
    expect(await find(site.kube, SEALED_SECRETS, 'db')).toBeDefined()
  })
})
