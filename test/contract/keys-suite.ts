import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { load } from 'js-yaml'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { SecretObject } from '../../controller/objects.ts'
import { KEY_LABEL, KEY_TYPE } from '../../shared/keys/labels.ts'
import { readSealingKey, type SealingKey } from '../../shared/keys/public.ts'
import { readPublishedKeys } from '../../shared/keys/published.ts'
import type { KubeObject } from '../../shared/kube/port.ts'
import { EVENTS, SEALED_SECRETS, SEALING_KEYS, SECRETS } from '../../shared/kube/resources.ts'
import { canary, expectNoCanary } from '../support/canary.ts'
import { waxwing as runCli, until } from '../support/programs.ts'
import type { ContractCluster } from './cluster.ts'
import {
  type ControllerSite,
  isReady,
  publishedKey,
  put,
  type RunningController,
  reached,
  seal,
  startSite,
} from './controller-site.ts'

/** The life of a sealing key; the same on the embedded server and the real one. Each test goes on from the one before. */
export function keysContract(makeCluster: () => Promise<ContractCluster>, startMs: number): void {
  let site: ControllerSite
  let controller: RunningController
  let first: SealingKey
  let own: SealingKey
  let ownSecret: SecretObject
  let dir: string
  const value = canary()
  const namespace = 'waxwing-system'

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'waxwing-keys-'))
    site = await startSite(makeCluster)
    controller = await site.start(['--key-renew-every', '0'])
    first = (await publishedKey(site.kube)) as SealingKey
    await put(site.kube, await seal(first, { a: value.bytes }, { name: 'settled' }))
    await reached(site.kube, 'settled', 'Synced')
  }, startMs)
  afterAll(async () => {
    expectNoCanary(site?.logs() ?? '', 'the logs', [value])
    await site?.stop()
    await rm(dir, { recursive: true, force: true })
  })

  const waxwing = async (...args: string[]) => {
    const env = { ...process.env, KUBECONFIG: site.cluster.kubeconfig, HOME: dir }
    const result = await runCli(args, { cwd: dir, env })
    expectNoCanary(result.stdout + result.stderr, args.join(' '), [value])
    return result
  }
  const published = async () => readPublishedKeys((await site.kube.list(SEALING_KEYS)).items)
  const stateOf = async (key: SealingKey) => (await published()).find((one) => one.key.id === key.id)?.state
  const relabel = (name: string, state: string) =>
    site.kube.mergePatch(SECRETS, { namespace, name }, { metadata: { labels: { [KEY_LABEL]: state } } })
  const keySecrets = async () =>
    (await site.kube.list<SecretObject>(SECRETS, { namespace, labelSelector: KEY_LABEL })).items.filter(
      ({ type }) => type === KEY_TYPE,
    )
  const versionOf = async (name: string) =>
    (await site.kube.get(SEALED_SECRETS, { namespace: 'shop', name })).metadata.resourceVersion
  /** What is done to keys writes no object that is Ready. */
  const untouched = async (act: () => Promise<unknown>) => {
    const before = [await versionOf('settled'), (await site.writes()).length] as const
    await act()
    expect(await versionOf('settled')).toBe(before[0])
    const names = (await site.writes()).slice(before[1]).map(({ name }) => name)
    expect(names).not.toContain('settled')
  }
  const needed = async (key: SealingKey) =>
    (await published()).find((one) => one.key.id === key.id)?.usage?.needed

  test('a key that is brought opens at once what waited for it', async () => {
    // Keys are dated by the second, and this one is to be the newer of the two.
    await until('the next second', async () => Date.now() >= Date.parse(first.notBefore) + 1_000)
    const made = await waxwing('keys', 'generate', '--name', 'own', '--secret-out', 'secret.yaml')
    expect(made.code, made.stderr).toBe(0)
    own = readSealingKey(load(made.stdout))
    await put(site.kube, await seal(own, { a: value.bytes }, { name: 'waiting' }))
    await reached(site.kube, 'waiting', 'NoKey')
    ownSecret = load(await readFile(join(dir, 'secret.yaml'), 'utf8')) as SecretObject
    await untouched(async () => {
      await site.kube.create(SECRETS, ownSecret)
      await reached(site.kube, 'waiting', 'Synced')
      await until('it is published', async () => (await stateOf(own)) === 'active')
    })
  })

  test('what is needed is counted, and is not retired', async () => {
    await until('the counts', async () => (await needed(own)) === 1 && (await needed(first)) === 1)
    const { stdout } = await waxwing('keys', 'usage', '-o', 'json')
    const counts = new Map(
      (JSON.parse(stdout) as { id: string; needed?: number }[]).map((one) => [one.id, one.needed]),
    )
    expect([counts.get(own.id), counts.get(first.id)]).toEqual([1, 1])
    const refused = await waxwing('keys', 'retire', own.id, '--yes')
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('[key-needed]') })
    const counted = await (
      await fetch(`${controller.url}/v1/keys?usage=1`, { headers: { Accept: 'application/json' } })
    ).json()
    expect(readPublishedKeys(counted.items).map(({ usage }) => usage)).toEqual([
      { usable: 1, needed: 1 },
      { usable: 1, needed: 1 },
    ])
    const metrics = await (await fetch(`${controller.metricsUrl}/metrics`)).text()
    expect(metrics).toContain(`waxwing_sealing_key_needed_objects{key="${own.id}"} 1`)
  })

  test('a key that nothing needs is retired, goes on opening, and comes back', async () => {
    await site.kube.delete(SEALED_SECRETS, { namespace: 'shop', name: 'waiting' })
    await until('the counts', async () => (await needed(own)) === 0)
    await untouched(async () => {
      const retired = await waxwing('keys', 'retire', own.id, '--yes')
      expect(retired.code, retired.stderr).toBe(0)
      await until('it is marked', async () => (await stateOf(own)) === 'retired')
    })
    expect((await waxwing('keys', 'fetch')).stdout).toContain(first.id)
    const last = await waxwing('keys', 'retire', first.id, '--yes')
    expect(last).toMatchObject({ code: 1, stderr: expect.stringMatching(/\[key-(needed|last)\]/) })
    await put(site.kube, await seal(own, { a: value.bytes }, { name: 'waiting' }))
    await reached(site.kube, 'waiting', 'Synced')
    expect((await waxwing('keys', 'activate', own.id, '--yes')).code).toBe(0)
    await until('it is active', async () => (await stateOf(own)) === 'active')
    expect((await waxwing('keys', 'fetch')).stdout).toContain(own.id)
  })

  test('a key that is deleted is taken back; nobody else’s is; and it may come again', async () => {
    const theirs = {
      ...(await site.kube.get<KubeObject>(SEALING_KEYS, { name: first.id })),
      metadata: { name: 'theirs', labels: { 'waxwing.dev/published-by': 'elsewhere' } },
    }
    await site.kube.create(SEALING_KEYS, theirs)
    const { name } = ownSecret.metadata
    await untouched(async () => {
      await site.kube.delete(SECRETS, { namespace, name })
      await until('it is taken back', async () => (await stateOf(own)) === undefined)
    })
    expect((await site.kube.list(SEALING_KEYS)).items.map(({ metadata }) => metadata.name)).toContain(
      'theirs',
    )
    await put(site.kube, await seal(own, { a: value.bytes }, { name: 'late' }))
    await reached(site.kube, 'late', 'NoKey')
    await site.kube.create(SECRETS, ownSecret)
    await reached(site.kube, 'late', 'Synced')
  })

  test('one malformed key among five: an Event, a metric, and the others work', async () => {
    for (const file of ['three', 'four']) {
      await waxwing('keys', 'generate', '--name', file, '--secret-out', `${file}.yaml`)
      await site.kube.create(SECRETS, load(await readFile(join(dir, `${file}.yaml`), 'utf8')) as SecretObject)
    }
    const bad = structuredClone(ownSecret)
    bad.metadata.name = 'bad'
    bad.data = { ...bad.data, seed: Buffer.from(value.bytes).toString('base64') }
    await site.kube.create(SECRETS, bad)
    type Event = KubeObject & { reason: string; note: string; regarding?: { name?: string } }
    const event = await until('the Event', async () =>
      (await site.kube.list<Event>(EVENTS, { namespace })).items.find(
        ({ reason }) => reason === 'MalformedSealingKey',
      ),
    )
    expect(event.regarding?.name).toBe('bad')
    expectNoCanary(JSON.stringify(event), 'the Event', [value])
    const metrics = await (await fetch(`${controller.metricsUrl}/metrics`)).text()
    expect(metrics).toContain('waxwing_sealing_keys{state="malformed"} 1')
    expect(metrics).toContain('waxwing_sealing_keys{state="active"} 4')
    await put(site.kube, await seal(own, { a: value.bytes }, { name: 'beside' }))
    await reached(site.kube, 'beside', 'Synced')
    await relabel('bad', 'retired')
    await site.kube.delete(SECRETS, { namespace, name: 'bad' })
  })

  test('a cutoff makes one new key, whoever restarts, and writes no object', async () => {
    await controller.end('SIGTERM')
    const before = await keySecrets()
    // Dates of keys are whole seconds.
    const cutoff = new Date(Math.ceil(Date.now() / 1000) * 1000 + 1000).toISOString()
    const flags = ['--key-renew-every', '0', '--key-cutoff-time', cutoff]
    await untouched(async () => {
      const pair = await Promise.all([site.start(flags), site.start(flags)])
      await until('a new key', async () => (await keySecrets()).length === before.length + 1)
      await pair[0].end('SIGKILL')
      const third = await site.start(flags)
      await until('the others', async () => (await isReady(third)) && (await isReady(pair[1])))
      await until(
        'a leader',
        async () =>
          (await (await fetch(`${third.metricsUrl}/metrics`)).text()).includes('waxwing_leader') && true,
      )
      await pair[1].end('SIGTERM')
      controller = third
    })
    await until('it leads', async () =>
      (await (await fetch(`${controller.metricsUrl}/metrics`)).text()).includes('waxwing_leader 1'),
    )
    expect(await keySecrets()).toHaveLength(before.length + 1)
    // Who made it may have been killed before it was published; who leads now does it soon.
    const earliest = Math.floor(Date.parse(cutoff) / 1000) * 1000
    await until('it is published', async () =>
      (await published()).some(({ key }) => Date.parse(key.notBefore) >= earliest),
    )
    const fetched = readSealingKey(load((await waxwing('keys', 'fetch')).stdout))
    expect(Date.parse(fetched.notBefore)).toBeGreaterThanOrEqual(earliest)
    expect(await stateOf(first)).toBe('active')
  })

  test('renewal by age makes keys one after the other, and what the older ones sealed stays open', async () => {
    await controller.end('SIGTERM')
    const before = (await keySecrets()).length
    await untouched(async () => {
      controller = await site.start(['--key-renew-every', '4s'])
      await until('two new keys', async () => (await keySecrets()).length >= before + 2)
      await controller.end('SIGTERM')
    })
    const dates = (await published()).map(({ key }) => Date.parse(key.notBefore)).sort((a, b) => b - a)
    expect((dates[0] ?? 0) - (dates[1] ?? 0)).toBeGreaterThanOrEqual(4_000)
    controller = await site.start(['--key-renew-every', '0'])
    await put(site.kube, await seal(first, { a: value.bytes }, { name: 'older' }))
    await reached(site.kube, 'older', 'Synced')
  })
}
