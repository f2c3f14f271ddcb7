import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { storePlain } from '../../controller/keys/at-rest/stored.ts'
import { newKeySecret } from '../../controller/keys/key-secret.ts'
import type { SealedObject, SecretObject } from '../../controller/objects.ts'
import { chooseKem } from '../../shared/crypto/kem/choose.ts'
import type { RecipientKey } from '../../shared/format/seal.ts'
import { KEY_LABEL } from '../../shared/keys/labels.ts'
import type { KubeObject } from '../../shared/kube/port.ts'
import { EVENTS, NAMESPACES, SEALED_SECRETS, SEALING_KEYS, SECRETS } from '../../shared/kube/resources.ts'
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

/** What annotations ask for, and what must cost nothing; the same on the embedded server and the real one. */
export function modesContract(makeCluster: () => Promise<ContractCluster>, startMs: number): void {
  let site: ControllerSite
  let controller: RunningController
  let key: RecipientKey

  beforeAll(async () => {
    site = await startSite(makeCluster)
    controller = await site.start()
    key = await publishedKey(site.kube)
  }, startMs)
  afterAll(() => site?.stop())

  const id = (name: string) => ({ namespace: 'shop', name })
  const apply = async (
    name: string,
    data: Record<string, string>,
    annotations: Record<string, string> = {},
  ) => {
    const object = await seal(key, data, { name })
    object.metadata.annotations = { ...object.metadata.annotations, ...annotations }
    await put(site.kube, object)
  }
  const theirs = (name: string, annotation: string, more: Partial<SecretObject> = {}) =>
    site.kube.create<SecretObject>(SECRETS, {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { ...id(name), annotations: { [annotation]: 'true' } },
      data: { own: 'eA==' },
      ...more,
    })
  const notes = async (name: string) => {
    type Event = KubeObject & { reason: string; note: string; regarding?: { name?: string } }
    const { items } = await site.kube.list<Event>(EVENTS, { namespace: 'shop' })
    return items.filter(({ regarding }) => regarding?.name === name)
  }
  /** The controllers' writes during `act`, once it is quiet again. */
  const writesOf = async (act: () => Promise<unknown>) => {
    const count = async () => (await site.writes()).length
    const quiet = async () => {
      for (let before = -1, now = 0; before !== now; ) {
        before = await count()
        await new Promise((resolve) => setTimeout(resolve, 700))
        now = await count()
      }
      return count()
    }
    const before = await quiet()
    await act()
    await quiet()
    return (await site.writes())
      .slice(before)
      .map(({ verb, resource, name }) => `${verb} ${resource} ${name}`)
  }

  describe('a Secret of somebody else', () => {
    test('that asks for it is taken over', async () => {
      await theirs('adopted', 'waxwing.dev/managed', { type: 'example.com/x', immutable: true })
      await apply('adopted', { a: '1' })
      await reached(site.kube, 'adopted', 'Synced')
      expect(await values(site.kube, 'adopted')).toEqual({ a: '1' })
      const secret = await find(site.kube, SECRETS, 'adopted')
      expect(secret?.metadata.ownerReferences).toHaveLength(1)
      expect(secret?.type).toBe('Opaque')
      await until('the Event', async () =>
        (await notes('adopted')).some(({ reason }) => reason === 'SecretAdopted'),
      )
    })

    test('that is open to our keys has them for as long as the object is there', async () => {
      await theirs('patched', 'waxwing.dev/patch', { type: 'example.com/x' })
      await apply('patched', { a: '1', b: '2' })
      await reached(site.kube, 'patched', 'Synced')
      expect(await values(site.kube, 'patched')).toEqual({ own: 'x', a: '1', b: '2' })
      await apply('patched', { a: '2' })
      await reached(site.kube, 'patched', 'Synced')
      expect(await values(site.kube, 'patched')).toEqual({ own: 'x', a: '2' })
      await site.kube.mergePatch(SECRETS, id('patched'), { data: { a: 'eA==', theirs: 'eA==' } })
      await until('drift put back', async () => (await values(site.kube, 'patched')).a === '2')
      await site.kube.delete(SEALED_SECRETS, id('patched'))
      await until('the object is gone', async () => !(await find(site.kube, SEALED_SECRETS, 'patched')))
      expect(await values(site.kube, 'patched')).toEqual({ own: 'x', theirs: 'x' })
      const { labels, annotations } = (await find(site.kube, SECRETS, 'patched'))?.metadata ?? {}
      expect([labels, annotations]).toEqual([undefined, { 'waxwing.dev/patch': 'true' }])
    })

    test('that is gone does not keep the object', async () => {
      await theirs('lost', 'waxwing.dev/patch')
      await apply('lost', { a: '1' })
      await reached(site.kube, 'lost', 'Synced')
      await site.kube.delete(SEALED_SECRETS, id('lost'))
      await site.kube.delete(SECRETS, id('lost')).catch(() => undefined)
      await until('the object is gone', async () => !(await find(site.kube, SEALED_SECRETS, 'lost')))
    })
  })

  describe('an object', () => {
    test('that skips the owner reference leaves its Secret, and takes it up again', async () => {
      await apply('stays', { a: '1' }, { 'waxwing.dev/skip-owner-reference': 'true' })
      await reached(site.kube, 'stays', 'Synced')
      const uid = (await find(site.kube, SECRETS, 'stays'))?.metadata.uid
      await site.kube.delete(SEALED_SECRETS, id('stays'))
      await apply('stays', { a: '2' }, { 'waxwing.dev/skip-owner-reference': 'true' })
      await reached(site.kube, 'stays', 'Synced')
      expect(await values(site.kube, 'stays')).toEqual({ a: '2' })
      expect((await find(site.kube, SECRETS, 'stays'))?.metadata).toMatchObject({ uid })
    })

    test('that ignores drift is left as it is until it changes', async () => {
      await apply('loose', { a: '1' }, { 'waxwing.dev/drift': 'ignore' })
      await reached(site.kube, 'loose', 'Synced')
      const written = await writesOf(() =>
        site.kube.mergePatch(SECRETS, id('loose'), { data: { a: 'eA==' } }),
      )
      expect(written).toEqual([])
      expect(await values(site.kube, 'loose')).toEqual({ a: 'x' })
      await apply('loose', { a: '2' }, { 'waxwing.dev/drift': 'ignore' })
      await until('the new value', async () => (await values(site.kube, 'loose')).a === '2')
    })

    test('is put back within a second, and the Event says who and which keys', async () => {
      await apply('edited', { a: '1' })
      await reached(site.kube, 'edited', 'Synced')
      const started = performance.now()
      await site.kube.mergePatch(SECRETS, id('edited'), { data: { a: 'eA==' } })
      await until('drift put back', async () => (await values(site.kube, 'edited')).a === '1')
      expect(performance.now() - started).toBeLessThan(1_000)
      // The field manager is the first part of the user agent.
      const note = await until('the Event', async () =>
        (await notes('edited')).find(({ reason }) => reason === 'DriftCorrected'),
      )
      expect(note.note).toBe('Put back in the Secret: data.a. Changed by contract.')
      const metrics = await (await fetch(`${controller.metricsUrl}/metrics`)).text()
      expect(metrics).toMatch(/waxwing_drift_corrections_total\{manager="contract"\} [1-9]/)
    })
  })

  describe('nothing is written', () => {
    test('when a new key comes, but its publication', async () => {
      const kem = await chooseKem()
      const seed = new Uint8Array(32).fill(78)
      const secret = {
        name: 'renewed',
        namespace: 'waxwing-system',
        holder: 'default',
        seed,
        now: Date.now(),
      }
      const written = await writesOf(async () =>
        site.kube.create(SECRETS, await newKeySecret(kem, secret, storePlain)),
      )
      expect(written).toEqual([expect.stringMatching(/^create sealingkeys wx/)])
    })

    test('when the watches are lost and everything is listed again', async () => {
      const lost = async () => {
        const text = await (await fetch(`${controller.metricsUrl}/metrics`)).text()
        return [...text.matchAll(/^waxwing_watch_failures_total\{.*\} (\d+)$/gm)].reduce(
          (sum, [, count]) => sum + Number(count),
          0,
        )
      }
      const before = await lost()
      const written = await writesOf(async () => {
        await site.cluster.loseWatches()
        await until('lost watches', async () => (await lost()) > before)
        // The first object that it hears of again.
        await apply('heard', { a: '1' })
        await reached(site.kube, 'heard', 'Synced')
      })
      expect(written).toEqual(['create secrets heard', 'update sealedsecrets heard'])
    })

    test('when another replica takes over', async () => {
      const next = await site.start()
      await until('ready', () => isReady(next))
      const written = await writesOf(async () => {
        await controller.end('SIGTERM')
        await until('the other leads', async () =>
          (await (await fetch(`${next.metricsUrl}/metrics`)).text()).includes('waxwing_leader 1'),
        )
      })
      expect(written).toEqual([])
      controller = next
    })

    test('for an object of another controller', async () => {
      await site.kube.create(NAMESPACES, { metadata: { name: 'shared' } })
      const flags = ['--watch-namespace', 'shared', '--lease-name', 'by-label', '--selector', 'team=a']
      const written = await writesOf(async () => {
        await controller.end('SIGTERM')
        const byLabel = await site.start(flags)
        for (const team of ['a', 'b']) {
          const object = await seal(key, { a: '1' }, { name: `of-${team}`, namespace: 'shared' })
          object.metadata.labels = { team }
          await site.kube.create<SealedObject>(SEALED_SECRETS, object)
        }
        await reached(site.kube, 'of-a', 'Synced', 'shared')
        await site.kube.mergePatch(
          SEALED_SECRETS,
          { namespace: 'shared', name: 'of-a' },
          { metadata: { labels: { team: 'b' } } },
        )
        await byLabel.end('SIGTERM')
      })
      expect(written).toEqual(['create secrets of-a', 'update sealedsecrets of-a'])
      expect(
        (await find<SealedObject>(site.kube, SEALED_SECRETS, 'of-b', 'shared'))?.status?.conditions,
      ).toBeUndefined()
      controller = await site.start()
      await reached(site.kube, 'of-b', 'Synced', 'shared')
    })
  })

  test('key Secrets deleted while it runs: it makes do with another, and then makes a new one', async () => {
    await until('ready', () => isReady(controller))
    const keys = async () =>
      (await site.kube.list(SECRETS, { namespace: 'waxwing-system', labelSelector: KEY_LABEL })).items.map(
        ({ metadata }) => metadata.name,
      )
    const remove = (name: string) => site.kube.delete(SECRETS, { namespace: 'waxwing-system', name })
    expect(await keys()).toEqual(['renewed', 'waxwing-key-1'])
    await remove('renewed')
    await until('the older one is served', async () =>
      (await (await fetch(`${controller.url}/v1/keys`)).text()).includes(key.id),
    )
    expect(await isReady(controller)).toBe(true)
    await remove('waxwing-key-1')
    await until('a new one', async () => (await keys()).length === 1)
    await until('ready', () => isReady(controller))
    const served = await until('it is served', async () => {
      const response = await fetch(`${controller.url}/v1/keys`, { headers: { Accept: 'application/json' } })
      return response.ok && ((await response.json()) as { spec: { id: string } })
    })
    expect(served.spec.id).not.toBe(key.id)
    await until('it is published', () => find<KubeObject>(site.kube, SEALING_KEYS, served.spec.id))
  })
}
