import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { storePlain } from '../../controller/keys/at-rest/stored.ts'
import { newKeySecret } from '../../controller/keys/key-secret.ts'
import type { SealedObject, SecretObject } from '../../controller/objects.ts'
import { chooseKem } from '../../shared/crypto/kem/choose.ts'
import type { RecipientKey } from '../../shared/format/seal.ts'
import { KEY_LABEL } from '../../shared/keys/labels.ts'
import { openSeed } from '../../shared/keys/seed.ts'
import type { KubeObject } from '../../shared/kube/port.ts'
import { EVENTS, NAMESPACES, SEALED_SECRETS, SEALING_KEYS, SECRETS } from '../../shared/kube/resources.ts'
import { canary, expectNoCanary } from '../support/canary.ts'
import { until } from '../support/programs.ts'
import type { ContractCluster } from './cluster.ts'
import {
  type ControllerSite,
  find,
  isReady,
  publishedKey,
  put,
  type RunningController,
  reached,
  seal,
  startSite,
  values,
} from './controller-site.ts'

/** What users see the controller do; the same assertions against the embedded server and the real one. */
export function controllerContract(makeCluster: () => Promise<ContractCluster>, startMs: number): void {
  let site: ControllerSite
  let controller: RunningController
  let key: RecipientKey

  beforeAll(async () => {
    site = await startSite(makeCluster)
    controller = await site.start()
    key = await publishedKey(site.kube)
  }, startMs)
  afterAll(() => site?.stop())

  const gone = (name: string) =>
    until(`the Secret ${name} is gone`, async () => !(await find(site.kube, SECRETS, name)), 60_000)
  const sync = async (name: string, data: Record<string, string>, template?: Record<string, unknown>) => {
    await put(site.kube, await seal(key, data, { name, ...(template && { template }) }))
    return reached(site.kube, name, 'Synced')
  }
  /** Waits until two looks half a second apart see no write of the controller in between. */
  const quiet = async () => {
    for (let before = -1, now = 0; before !== now; ) {
      before = (await site.writes()).length
      await new Promise((resolve) => setTimeout(resolve, 500))
      now = (await site.writes()).length
    }
  }

  describe('the first start', () => {
    test('makes a key, publishes it and serves it', async () => {
      const { items } = await site.kube.list(SECRETS, {
        namespace: 'waxwing-system',
        labelSelector: KEY_LABEL,
      })
      expect(items.map(({ metadata }) => metadata.name)).toEqual(['waxwing-key-1'])
      await until('ready', () => isReady(controller))
      const served = await fetch(`${controller.url}/v1/keys`, { headers: { Accept: 'application/json' } })
      expect(await served.json()).toMatchObject({ kind: 'SealingKey', spec: { id: key.id } })
    })
  })

  describe('an object', () => {
    const secret = canary()

    test('becomes its Secret, byte for byte', async () => {
      const every = Uint8Array.from({ length: 256 }, (_, i) => i)
      const object = await seal(key, { secret: secret.bytes, every, empty: '' }, { name: 'db' })
      const created = await site.kube.create<SealedObject>(SEALED_SECRETS, object)
      const status = await reached(site.kube, 'db', 'Synced')
      const made = await find(site.kube, SECRETS, 'db')
      expect(made?.type).toBe('Opaque')
      expect(made?.data).toEqual({
        secret: Buffer.from(secret.bytes).toString('base64'),
        every: Buffer.from(every).toString('base64'),
        empty: '',
      })
      expect(made?.metadata.ownerReferences).toMatchObject([{ uid: created.metadata.uid, controller: true }])
      expect(status.secret).toEqual({
        uid: made?.metadata.uid,
        resourceVersion: made?.metadata.resourceVersion,
      })
    })

    test('changes: a value added, one changed, one removed', async () => {
      await sync('values', { same: '1', changed: '1', removed: '1' })
      await sync('values', { same: '1', changed: '2', added: '3' })
      expect(await values(site.kube, 'values')).toEqual({ same: '1', changed: '2', added: '3' })
    })

    test('changes its template: labels come and go, and those of others stay', async () => {
      const data = { a: '1' }
      await sync('dressed', data, { metadata: { labels: { app: 'shop' }, annotations: { note: 'n' } } })
      await site.kube.mergePatch(
        SECRETS,
        { namespace: 'shop', name: 'dressed' },
        { metadata: { labels: { theirs: 'x' } } },
      )
      await sync('dressed', data, { metadata: { labels: { tier: 'db' } }, data: { url: 'db://{{ .a }}' } })
      const { labels, annotations = {} } = (await find(site.kube, SECRETS, 'dressed'))?.metadata ?? {}
      expect(labels).toEqual({ 'waxwing.dev/managed-by': 'waxwing', tier: 'db', theirs: 'x' })
      expect(annotations.note).toBeUndefined()
      expect(await values(site.kube, 'dressed')).toEqual({ a: '1', url: 'db://1' })
    })

    test('changes its type and becomes immutable, which makes new Secrets', async () => {
      await sync('typed', { a: '1' })
      const before = (await find(site.kube, SECRETS, 'typed'))?.metadata.uid
      await sync('typed', { a: '1' }, { type: 'example.com/typed', immutable: true })
      const typed = await find(site.kube, SECRETS, 'typed')
      expect(typed).toMatchObject({ type: 'example.com/typed', immutable: true })
      expect(typed?.metadata.uid).not.toBe(before)
      await sync('typed', { a: '2' }, { type: 'example.com/typed', immutable: true })
      expect(await values(site.kube, 'typed')).toEqual({ a: '2' })
    })

    test('goes, and its Secret with it', async () => {
      await sync('going', { a: '1' })
      await site.kube.delete(SEALED_SECRETS, { namespace: 'shop', name: 'going' })
      await gone('going')
    })

    test('made anew under the same name gets a Secret of its own', async () => {
      await sync('again', { a: '1' })
      const before = (await find(site.kube, SECRETS, 'again'))?.metadata.uid
      await site.kube.delete(SEALED_SECRETS, { namespace: 'shop', name: 'again' })
      await sync('again', { a: '2' })
      expect(await values(site.kube, 'again')).toEqual({ a: '2' })
      expect((await find(site.kube, SECRETS, 'again'))?.metadata.uid).not.toBe(before)
    })
  })

  describe('a refusal', () => {
    const secret = canary()

    const tampered = async (name: string) => {
      const object = await seal(key, { secret: secret.bytes }, { name })
      const { data } = object.spec as { data: Record<string, string> }
      data.secret = (data.secret ?? '').replace(
        /\..{20}(.)/,
        (text, one) => text.slice(0, -1) + (one === 'A' ? 'B' : 'A'),
      )
      return object
    }

    test('of a tampered object: Stalled, and no Secret', async () => {
      await put(site.kube, await tampered('bad'))
      const { conditions } = await reached(site.kube, 'bad', 'Tampered')
      expect(conditions?.map(({ type, status }) => `${type}=${status}`)).toEqual([
        'Ready=False',
        'Synced=False',
        'Stalled=True',
      ])
      expect(await find(site.kube, SECRETS, 'bad')).toBeUndefined()
    })

    test('of an update keeps the last good Secret', async () => {
      await sync('kept', { secret: 'good' })
      await put(site.kube, await tampered('kept'))
      await reached(site.kube, 'kept', 'Tampered')
      expect(await values(site.kube, 'kept')).toEqual({ secret: 'good' })
    })

    test('of an object that was moved', async () => {
      const object = await seal(key, { secret: secret.bytes }, { name: 'here' })
      object.metadata.namespace = 'other'
      await put(site.kube, object)
      await reached(site.kube, 'here', 'Moved', 'other')
      expect(await find(site.kube, SECRETS, 'here', 'other')).toBeUndefined()
    })

    test("of an object in the controller's own namespace", async () => {
      await put(
        site.kube,
        await seal(key, { secret: secret.bytes }, { name: 'own', namespace: 'waxwing-system' }),
      )
      await reached(site.kube, 'own', 'Reserved', 'waxwing-system')
    })

    test('to overwrite a Secret of somebody else, until it goes', async () => {
      const foreign: SecretObject = {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 'theirs', namespace: 'shop' },
        data: { a: 'eA==' },
      }
      const before = await site.kube.create(SECRETS, foreign)
      await put(site.kube, await seal(key, { secret: secret.bytes }, { name: 'theirs' }))
      await reached(site.kube, 'theirs', 'SecretNotOwned')
      expect((await find(site.kube, SECRETS, 'theirs'))?.metadata.resourceVersion).toBe(
        before.metadata.resourceVersion,
      )
      await site.kube.delete(SECRETS, { namespace: 'shop', name: 'theirs' })
      await reached(site.kube, 'theirs', 'Synced')
    })

    test('to overwrite one that stays, for as long as it stays', async () => {
      await site.kube.create<SecretObject>(SECRETS, { metadata: { name: 'blocked', namespace: 'shop' } })
      await put(site.kube, await seal(key, { secret: secret.bytes }, { name: 'blocked' }))
      await reached(site.kube, 'blocked', 'SecretNotOwned')
    })

    test('for want of a key, until the key comes', async () => {
      const kem = await chooseKem()
      const seed = new Uint8Array(32).fill(77)
      const { id, key: recovered } = await openSeed(kem, seed, 'recovered')
      const recipient = { id, publicKey: recovered.publicKey }
      await put(site.kube, await seal(recipient, { secret: secret.bytes }, { name: 'keyless' }))
      await reached(site.kube, 'keyless', 'NoKey')
      // Made long ago, so that the controller's own stays the newest.
      const keySecret = { name: 'recovered', namespace: 'waxwing-system', holder: 'default', seed, now: 1e12 }
      await site.kube.create(SECRETS, await newKeySecret(kem, keySecret, storePlain))
      await reached(site.kube, 'keyless', 'Synced')
      await until('it is published', () => find<KubeObject>(site.kube, SEALING_KEYS, id))
    })
  })

  describe('drift', () => {
    test('is put back: a value changed, one added, one removed, a label gone', async () => {
      await sync('drifting', { a: '1', b: '2' })
      const id = { namespace: 'shop', name: 'drifting' }
      await site.kube.mergePatch(SECRETS, id, { data: { a: 'eA==', b: null, c: 'eA==' } })
      await until(
        'the values',
        async () => JSON.stringify(await values(site.kube, 'drifting')) === '{"a":"1","b":"2"}',
      )
      await site.kube.mergePatch(SECRETS, id, { metadata: { labels: null } })
      await until(
        'the label',
        async () => (await find(site.kube, SECRETS, 'drifting'))?.metadata.labels !== undefined,
      )
      const { items } = await site.kube.list<KubeObject & { reason: string }>(EVENTS, { namespace: 'shop' })
      expect(items.map(({ reason }) => reason)).toContain('DriftCorrected')
    })

    test('is put back: the Secret deleted by hand', async () => {
      await sync('deleted', { a: '1' })
      await site.kube.delete(SECRETS, { namespace: 'shop', name: 'deleted' })
      await until('the Secret', async () => (await values(site.kube, 'deleted')).a === '1')
    })
  })

  describe('starting and ending', () => {
    test('a clean end is 0 within 5 s, and the next start with nothing changed writes nothing', async () => {
      await quiet()
      const { code, ms } = await controller.end('SIGTERM')
      expect(code).toBe(0)
      expect(ms).toBeLessThan(5_000)
      const before = await site.writes()
      controller = await site.start()
      await until('ready', () => isReady(controller))
      await quiet()
      expect((await site.writes()).slice(before.length)).toEqual([])
    })

    test('killed in the middle of 50 and started again: all there, each Secret written once', async () => {
      await controller.end('SIGKILL')
      await site.kube.create(NAMESPACES, { metadata: { name: 'many' } })
      const names = Array.from({ length: 50 }, (_, i) => `many-${i}`)
      for (const name of names)
        await site.kube.create(SEALED_SECRETS, await seal(key, { a: name }, { name, namespace: 'many' }))
      const made = async () =>
        (await site.kube.list(SECRETS, { namespace: 'many', labelSelector: 'waxwing.dev/managed-by' })).items
          .length
      const first = await site.start(['--concurrency', '1'])
      for (const end = Date.now() + 30_000; (await made()) < 3 && Date.now() < end; );
      await first.end('SIGKILL')
      expect(await made()).toBeLessThan(names.length)
      controller = await site.start()
      for (const name of names) {
        await reached(site.kube, name, 'Synced', 'many')
        expect(await values(site.kube, name, 'many')).toEqual({ a: name })
      }
      const writes = (await site.writes()).filter(({ namespace }) => namespace === 'many')
      // The one write that was under way at the kill may be done, though its answer says that the client was gone.
      let cutOff = 0
      for (const name of names) {
        const times = (kind: string) => {
          const sent = writes.filter(
            (write) => write.name === name && `${write.resource}/${write.subresource ?? ''}` === kind,
          )
          const accepted = sent.filter(({ code }) => code < 400).length
          if (accepted > 0) return accepted
          cutOff += 1
          return sent.filter(({ code }) => code >= 500).length
        }
        expect(times('secrets/'), name).toBe(1)
        const statuses = times('sealedsecrets/status')
        expect(statuses, name).toBeGreaterThanOrEqual(1)
        expect(statuses, name).toBeLessThanOrEqual(2)
      }
      expect(cutOff).toBeLessThanOrEqual(1)
    })

    test('two controllers that start together have one key', async () => {
      await site.kube.create(NAMESPACES, { metadata: { name: 'twins' } })
      const flags = ['--namespace', 'twins', '--watch-namespace', 'twins']
      const twins = await Promise.all([site.start(flags), site.start(flags)])
      for (const twin of twins) await until('ready', () => isReady(twin))
      const { items } = await site.kube.list(SECRETS, { namespace: 'twins', labelSelector: KEY_LABEL })
      expect(items).toHaveLength(1)
      const served = await Promise.all(twins.map(async ({ url }) => (await fetch(`${url}/v1/keys`)).text()))
      expect(served[0]).toBe(served[1])
      for (const twin of twins) expect((await twin.end('SIGTERM')).code).toBe(0)
    })
  })

  test('no sealed value is in a log, an event, a status, a metric or an HTTP answer', async () => {
    expect(site.logs()).toContain('"row":"tampered"')
    expectNoCanary(site.logs(), 'the logs')
    const events = await site.kube.list<KubeObject & { reason: string }>(EVENTS)
    expect(events.items.map(({ reason }) => reason)).toContain('Tampered')
    expectNoCanary(JSON.stringify(events), 'the events')
    expectNoCanary(JSON.stringify(await site.kube.list(SEALED_SECRETS)), 'the objects')
    expectNoCanary(JSON.stringify(await site.kube.list(SEALING_KEYS)), 'the published keys')
    for (const url of [
      `${controller.metricsUrl}/metrics`,
      `${controller.url}/v1/keys?all=1`,
      `${controller.url}/readyz`,
    ])
      expectNoCanary(await (await fetch(url)).text(), url)
    // It can be found: the Secrets do hold it.
    const secrets = JSON.stringify(await site.kube.list(SECRETS, { namespace: 'shop' }))
    expect(() => expectNoCanary(secrets)).toThrow('canary')
  })
}
