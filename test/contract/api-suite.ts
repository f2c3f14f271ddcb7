import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { load } from 'js-yaml'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connect } from '../../shared/kube/client.ts'
import { loadConnection } from '../../shared/kube/config.ts'
import { ApiError } from '../../shared/kube/errors.ts'
import type { Kube, KubeObject, WatchEvent } from '../../shared/kube/port.ts'
import {
  CRDS,
  EVENTS,
  NAMESPACES,
  SEALED_SECRETS,
  SEALING_KEYS,
  SECRETS,
} from '../../shared/kube/resources.ts'
import { root, until } from '../support/programs.ts'
import type { ContractCluster } from './cluster.ts'

interface Secret extends KubeObject {
  type?: string
  immutable?: boolean
  data?: Record<string, string> | null
  stringData?: Record<string, string>
}

interface Sealed extends KubeObject {
  spec?: Record<string, unknown>
  status?: { observedGeneration?: number; conditions?: unknown[] }
}

const NS = 'contract'

/** What this product takes for granted of an API server; the same assertions hold the embedded and the real one to it. */
export function apiContract(makeCluster: () => Promise<ContractCluster>, startMs: number): void {
  let cluster: ContractCluster
  let kube: Kube

  beforeAll(async () => {
    cluster = await makeCluster()
    kube = connect(await loadConnection({ kubeconfig: cluster.kubeconfig }), { userAgent: 'contract' })
    for (const name of ['sealedsecrets', 'sealingkeys']) {
      const crd = load(readFileSync(join(root, `charts/waxwing/crds/${name}.yaml`), 'utf8'))
      await kube.create(CRDS, crd as KubeObject)
    }
    await until('the new types', () =>
      kube.list(SEALED_SECRETS).then(
        () => true,
        () => false,
      ),
    )
    await until('the new types', () =>
      kube.list(SEALING_KEYS).then(
        () => true,
        () => false,
      ),
    )
    await cluster.typesAdded()
    await kube.create(NAMESPACES, { metadata: { name: NS } })
  }, startMs)

  afterAll(async () => {
    kube?.close()
    await cluster?.stop()
  })

  const secret = (name: string, more: Partial<Secret> = {}): Secret => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace: NS },
    ...more,
  })
  const sealed = (
    name: string,
    spec: Record<string, unknown> = { scope: 'strict', envelopes: [], data: {} },
  ): Sealed => ({
    apiVersion: 'waxwing.dev/v1alpha1',
    kind: 'SealedSecret',
    metadata: { name, namespace: NS },
    spec,
  })
  const id = (name: string) => ({ namespace: NS, name })
  const refusal = async (work: Promise<unknown>): Promise<{ status: number; reason: string }> => {
    const error = await work.then(
      () => undefined,
      (thrown: unknown) => thrown,
    )
    if (!(error instanceof ApiError)) throw error ?? new Error('was not refused')
    return { status: error.status, reason: error.reason }
  }

  describe('objects', () => {
    test('create fills in what the server owns, and a second one is refused', async () => {
      const made = await kube.create<Secret>(SECRETS, secret('made', { stringData: { a: 'x' } }))
      expect(made.type).toBe('Opaque')
      expect(made.data).toEqual({ a: 'eA==' })
      expect(made.stringData).toBeUndefined()
      expect(made.metadata.uid).toMatch(/^[-0-9a-f]{36}$/)
      expect(made.metadata.creationTimestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
      expect(await refusal(kube.create(SECRETS, secret('made')))).toEqual({
        status: 409,
        reason: 'AlreadyExists',
      })
    })

    test('what is not there is NotFound, whether it is read, patched or deleted', async () => {
      const missing = { status: 404, reason: 'NotFound' }
      expect(await refusal(kube.get(SECRETS, id('missing')))).toEqual(missing)
      expect(await refusal(kube.mergePatch(SECRETS, id('missing'), {}))).toEqual(missing)
      expect(await refusal(kube.delete(SECRETS, id('missing')))).toEqual(missing)
      const elsewhere = { ...secret('x'), metadata: { name: 'x', namespace: 'no-such-namespace' } }
      expect(await refusal(kube.create(SECRETS, elsewhere))).toEqual(missing)
    })

    test('a bad name is Invalid', async () => {
      expect(await refusal(kube.create(SECRETS, secret('Not_A_Name')))).toEqual({
        status: 422,
        reason: 'Invalid',
      })
    })

    test('a merge patch changes and removes; with an old resourceVersion it conflicts and changes nothing', async () => {
      const made = await kube.create<Secret>(SECRETS, secret('patched', { data: { a: 'YQ==', b: 'Yg==' } }))
      const first = await kube.mergePatch<Secret>(SECRETS, id('patched'), {
        metadata: { resourceVersion: made.metadata.resourceVersion },
        data: { a: 'eA==', b: null },
      })
      expect(first.data).toEqual({ a: 'eA==' })
      const stale = { metadata: { resourceVersion: made.metadata.resourceVersion }, data: { a: 'Yg==' } }
      expect(await refusal(kube.mergePatch(SECRETS, id('patched'), stale))).toEqual({
        status: 409,
        reason: 'Conflict',
      })
      expect((await kube.get<Secret>(SECRETS, id('patched'))).data).toEqual({ a: 'eA==' })
    })

    test('a patch that changes nothing keeps the resourceVersion', async () => {
      const made = await kube.create<Secret>(SECRETS, secret('same', { data: { a: 'YQ==' } }))
      const again = await kube.mergePatch<Secret>(SECRETS, id('same'), { data: { a: 'YQ==' } })
      expect(again.metadata.resourceVersion).toBe(made.metadata.resourceVersion)
    })

    test('delete keeps its preconditions', async () => {
      const made = await kube.create<Secret>(SECRETS, secret('guarded'))
      const other = { uid: '00000000-0000-0000-0000-000000000000' }
      expect(await refusal(kube.delete(SECRETS, id('guarded'), other))).toEqual({
        status: 409,
        reason: 'Conflict',
      })
      const { uid = '', resourceVersion = '' } = made.metadata
      await kube.delete(SECRETS, id('guarded'), { uid, resourceVersion })
      expect(await refusal(kube.get(SECRETS, id('guarded')))).toEqual({ status: 404, reason: 'NotFound' })
    })
  })

  describe('Secrets', () => {
    test('the type cannot change; an immutable one keeps its data', async () => {
      await kube.create<Secret>(SECRETS, secret('fixed', { immutable: true, data: { a: 'YQ==' } }))
      const invalid = { status: 422, reason: 'Invalid' }
      expect(await refusal(kube.mergePatch(SECRETS, id('fixed'), { data: { a: 'eA==' } }))).toEqual(invalid)
      expect(await refusal(kube.mergePatch(SECRETS, id('fixed'), { type: 'other' }))).toEqual(invalid)
      expect(await refusal(kube.mergePatch(SECRETS, id('fixed'), { immutable: false }))).toEqual(invalid)
      expect(
        (await kube.mergePatch<Secret>(SECRETS, id('fixed'), { metadata: { labels: { a: 'b' } } })).data,
      ).toEqual({ a: 'YQ==' })
    })

    test('data keys, sizes and the fields that a type needs are checked', async () => {
      const invalid = { status: 422, reason: 'Invalid' }
      expect(await refusal(kube.create(SECRETS, secret('k', { data: { 'a b': '' } })))).toEqual(invalid)
      const large = Buffer.alloc(1_048_577).toString('base64')
      expect(await refusal(kube.create(SECRETS, secret('k', { data: { a: large } })))).toEqual(invalid)
      expect(
        await refusal(kube.create(SECRETS, secret('k', { type: 'kubernetes.io/tls', data: {} }))),
      ).toEqual(invalid)
    })
  })

  describe('collections', () => {
    test('a list selects by label, and by page gives everything once', async () => {
      const names = Array.from({ length: 12 }, (_, i) => `listed-${i}`)
      for (const name of names)
        await kube.create(SECRETS, {
          ...secret(name),
          metadata: { ...id(name), labels: { group: 'listed' } },
        })
      const { items, resourceVersion } = await kube.list(SECRETS, {
        namespace: NS,
        labelSelector: 'group=listed',
      })
      expect(items.map(({ metadata }) => metadata.name).sort()).toEqual([...names].sort())
      expect(resourceVersion).not.toBe('')
      const one = await kube.list(SECRETS, { namespace: NS, fieldSelector: 'metadata.name=listed-3' })
      expect(one.items.map(({ metadata }) => metadata.name)).toEqual(['listed-3'])
    })

    test('as a stream it gives what it gives in pages, and a watch goes on from there', async () => {
      const labels = { group: 'streamed' }
      const selection = { namespace: NS, labelSelector: 'group=streamed' }
      const streamed = async () => {
        const items: Secret[] = []
        for await (const event of kube.listing<Secret>(SECRETS, selection, { stream: true })) {
          if (event.type !== 'BOOKMARK') items.push(event.object)
          else if (event.listed) return { items, resourceVersion: event.resourceVersion }
        }
        throw new Error('no end of the list')
      }
      expect((await streamed()).items).toEqual([])
      for (const name of ['streamed-1', 'streamed-2'])
        await kube.create(SECRETS, {
          ...secret(name, { data: { a: 'YQ==' } }),
          metadata: { ...id(name), labels },
        })
      const { items, resourceVersion } = await streamed()
      const pages = await kube.list<Secret>(SECRETS, selection)
      expect(items.map(({ data, metadata }) => ({ data, metadata }))).toEqual(
        pages.items.map(({ data, metadata }) => ({ data, metadata })),
      )
      expect(items.map(({ metadata }) => metadata.name)).toEqual(['streamed-1', 'streamed-2'])
      await kube.delete(SECRETS, id('streamed-1'))
      expect(await events(kube.watch(SECRETS, { ...selection, resourceVersion }), 1)).toEqual([
        'DELETED streamed-1',
      ])
    })

    test('metadata alone has no data in it', async () => {
      await kube.create(SECRETS, {
        ...secret('meta', { data: { a: 'YQ==' } }),
        metadata: { ...id('meta'), labels: { only: 'meta' } },
      })
      const { items } = await kube.list<Secret>(SECRETS, {
        namespace: NS,
        labelSelector: 'only=meta',
        metadataOnly: true,
      })
      expect(items[0]?.metadata.uid).toBeDefined()
      expect(items[0]?.data).toBeUndefined()
    })

    test('a watch from a list on misses nothing and tells what happened', async () => {
      const selection = { namespace: NS, labelSelector: 'group=watched' }
      const { resourceVersion } = await kube.list(SECRETS, selection)
      const labels = { group: 'watched' }
      await kube.create(SECRETS, { ...secret('seen'), metadata: { ...id('seen'), labels } })
      await kube.mergePatch(SECRETS, id('seen'), { data: { a: 'YQ==' } })
      await kube.delete(SECRETS, id('seen'))
      expect(await events(kube.watch(SECRETS, { ...selection, resourceVersion }), 3)).toEqual([
        'ADDED seen',
        'MODIFIED seen',
        'DELETED seen',
      ])
    })

    test('an object that loses the label leaves the watch as deleted', async () => {
      const selection = { namespace: NS, labelSelector: 'group=leaving', metadataOnly: true }
      await kube.create(SECRETS, {
        ...secret('leaver'),
        metadata: { ...id('leaver'), labels: { group: 'leaving' } },
      })
      const { resourceVersion } = await kube.list(SECRETS, selection)
      await kube.mergePatch(SECRETS, id('leaver'), { metadata: { labels: { group: null } } })
      expect(await events(kube.watch(SECRETS, { ...selection, resourceVersion }), 1)).toEqual([
        'DELETED leaver',
      ])
    })

    async function events(watch: AsyncIterable<WatchEvent<KubeObject>>, count: number): Promise<string[]> {
      const seen: string[] = []
      for await (const event of watch) {
        if (event.type !== 'BOOKMARK') seen.push(`${event.type} ${event.object.metadata.name}`)
        if (seen.length === count) break
      }
      return seen
    }
  })

  describe('our own types', () => {
    test('a new SealedSecret starts with an observedGeneration that no controller has written', async () => {
      const made = await kube.create<Sealed>(SEALED_SECRETS, sealed('fresh'))
      expect(made.metadata.generation).toBe(1)
      expect(made.status).toEqual({ observedGeneration: -1 })
    })

    test('the status has its own way in, and only the spec counts generations', async () => {
      await kube.create(SEALED_SECRETS, sealed('status'))
      const status = { observedGeneration: 1, conditions: [condition('Ready')] }
      const written = await kube.mergePatch<Sealed>(
        SEALED_SECRETS,
        id('status'),
        { status, spec: { scope: 'cluster' } },
        { subresource: 'status' },
      )
      expect(written.metadata.generation).toBe(1)
      expect(written.spec?.scope).toBe('strict')
      expect(written.status).toEqual(status)
      const changed = await kube.mergePatch<Sealed>(SEALED_SECRETS, id('status'), {
        spec: { scope: 'cluster' },
        status: { observedGeneration: 9 },
      })
      expect(changed.metadata.generation).toBe(2)
      expect(changed.status).toEqual(status)
      const labelled = await kube.mergePatch<Sealed>(SEALED_SECRETS, id('status'), {
        metadata: { labels: { a: 'b' } },
      })
      expect(labelled.metadata.generation).toBe(2)
    })

    test('a patch of the status that was meant for an older version conflicts, and writes nothing', async () => {
      const old = await kube.create<Sealed>(SEALED_SECRETS, sealed('again'))
      await kube.delete(SEALED_SECRETS, id('again'))
      await kube.create<Sealed>(SEALED_SECRETS, sealed('again'))
      const { resourceVersion } = old.metadata
      const patch = { metadata: { resourceVersion }, status: { observedGeneration: 1 } }
      const write = kube.mergePatch(SEALED_SECRETS, id('again'), patch, { subresource: 'status' })
      expect(await refusal(write)).toEqual({ status: 409, reason: 'Conflict' })
      expect((await kube.get<Sealed>(SEALED_SECRETS, id('again'))).status).toEqual({ observedGeneration: -1 })
    })

    test('a status is replaced whole, and nothing else with it', async () => {
      const made = await kube.create<Sealed>(SEALED_SECRETS, sealed('whole'))
      const first = { observedGeneration: 1, conditions: [condition('Ready'), condition('Synced')] }
      const { spec, ...bare } = made
      const metadata = { ...made.metadata, labels: { not: 'written' } }
      const answer = await kube.replaceStatus(SEALED_SECRETS, { ...bare, metadata, status: first })
      expect(Object.keys(answer)).not.toContain('status')
      const second = { observedGeneration: 1, conditions: [condition('Stalled')] }
      const last = await kube.replaceStatus(SEALED_SECRETS, { metadata: answer.metadata, status: second })
      const again = await kube.replaceStatus(SEALED_SECRETS, { metadata: last.metadata, status: second })
      expect(again.metadata.resourceVersion).toBe(last.metadata.resourceVersion)
      const now = await kube.get<Sealed>(SEALED_SECRETS, id('whole'), { managedFields: true })
      const { managedFields, ...named } = now.metadata
      expect(now).toMatchObject({ spec, status: second })
      expect(now.status).toEqual(second)
      expect(named).toEqual(last.metadata)
      expect(named).toEqual({ ...made.metadata, resourceVersion: named.resourceVersion })
      expect(managedFields?.map(({ fieldsV1 }) => Object.keys(fieldsV1 as object))).toEqual([
        ['f:spec'],
        ['f:status'],
      ])
    })

    test('a status is not replaced on an older version, nor on an object made anew', async () => {
      const { metadata } = await kube.create<Sealed>(SEALED_SECRETS, sealed('renewed'))
      const status = { observedGeneration: 1 }
      const conflict = { status: 409, reason: 'Conflict' }
      const { metadata: newer } = await kube.mergePatch(SEALED_SECRETS, id('renewed'), {
        metadata: { labels: { a: 'b' } },
      })
      expect(await refusal(kube.replaceStatus(SEALED_SECRETS, { metadata, status }))).toEqual(conflict)
      const another = { ...newer, uid: '00000000-0000-4000-8000-000000000000' }
      expect(await refusal(kube.replaceStatus(SEALED_SECRETS, { metadata: another, status }))).toEqual(
        conflict,
      )
      await kube.delete(SEALED_SECRETS, id('renewed'))
      expect(await refusal(kube.replaceStatus(SEALED_SECRETS, { metadata: newer, status }))).toEqual({
        status: 404,
        reason: 'NotFound',
      })
    })

    test('wrong types are Invalid, and unknown fields are pruned', async () => {
      expect(
        await refusal(
          kube.create(SEALED_SECRETS, sealed('wrong', { scope: 'strict', envelopes: 'none', data: {} })),
        ),
      ).toEqual({
        status: 422,
        reason: 'Invalid',
      })
      const made = await kube.create<Sealed>(
        SEALED_SECRETS,
        sealed('pruned', { scope: 'strict', envelopes: [], data: {}, extra: 1 }),
      )
      expect(made.spec).toEqual({ scope: 'strict', envelopes: [], data: {} })
    })

    test('the spec comes back as it was sent: nothing is defaulted', async () => {
      const made = await kube.create<Sealed>(SEALED_SECRETS, sealed('bare', { scope: 'strict', data: {} }))
      expect(made.spec).toEqual({ scope: 'strict', data: {} })
    })

    test('applied again it stays as it is', async () => {
      const apply = (object: Sealed) =>
        kube.apply<Sealed>(SEALED_SECRETS, object, { fieldManager: 'contract' })
      await apply(sealed('applied'))
      // The first write leaves out the status that the schema defaults, so the second may still store it.
      const second = await apply(sealed('applied'))
      const third = await apply(sealed('applied'))
      expect(third.metadata.resourceVersion).toBe(second.metadata.resourceVersion)
      expect(third.metadata.generation).toBe(1)
      const changed = await apply(sealed('applied', { scope: 'cluster', envelopes: [], data: {} }))
      expect(changed.metadata.generation).toBe(2)
    })

    test('a SealingKey has no namespace', async () => {
      const spec = {
        id: `wx${'a'.repeat(26)}`,
        suite: 'xwing-xsalsa20poly1305',
        publicKey: Buffer.alloc(1216).toString('base64'),
        notBefore: '2026-11-24T00:00:00Z',
        notAfter: '2026-12-24T00:00:00Z',
      }
      const key = {
        apiVersion: 'waxwing.dev/v1alpha1',
        kind: 'SealingKey',
        metadata: { name: spec.id },
        spec,
      }
      const made = await kube.create<typeof key & KubeObject>(SEALING_KEYS, key)
      expect(made.spec).toEqual(spec)
      expect((await kube.list(SEALING_KEYS)).items).toHaveLength(1)
    })
  })

  describe('around them', () => {
    test('what is owned goes with its owner', async () => {
      const owner = await kube.create<Sealed>(SEALED_SECRETS, sealed('owner'))
      const reference = {
        apiVersion: 'waxwing.dev/v1alpha1',
        kind: 'SealedSecret',
        name: 'owner',
        uid: owner.metadata.uid ?? '',
        controller: true,
      }
      await kube.create(SECRETS, {
        ...secret('owned'),
        metadata: { ...id('owned'), ownerReferences: [reference] },
      })
      await kube.delete(SEALED_SECRETS, id('owner'))
      await until(
        'the owned Secret is gone',
        () =>
          kube.get(SECRETS, id('owned')).then(
            () => false,
            () => true,
          ),
        90_000,
      )
    })

    test('events can be recorded', async () => {
      const made = await kube.create(EVENTS, {
        apiVersion: 'events.k8s.io/v1',
        kind: 'Event',
        metadata: id('one-event'),
        eventTime: '2026-11-24T00:00:00.000000Z',
        reportingController: 'waxwing.dev/controller',
        reportingInstance: 'contract',
        action: 'Reconcile',
        reason: 'Tampered',
        type: 'Warning',
        note: 'a note',
        regarding: { apiVersion: 'waxwing.dev/v1alpha1', kind: 'SealedSecret', ...id('fresh') },
      } as KubeObject)
      expect(made.metadata.uid).toBeDefined()
    })

    test('a namespace that is deleted takes its objects along', async () => {
      await kube.create(NAMESPACES, { metadata: { name: 'passing' } })
      await kube.create(SECRETS, { ...secret('x'), metadata: { name: 'x', namespace: 'passing' } })
      await kube.delete(NAMESPACES, { name: 'passing' })
      await until(
        'the namespace is gone',
        () =>
          kube.get(NAMESPACES, { name: 'passing' }).then(
            () => false,
            () => true,
          ),
        60_000,
      )
      expect(await refusal(kube.get(SECRETS, { namespace: 'passing', name: 'x' }))).toEqual({
        status: 404,
        reason: 'NotFound',
      })
    })

    test('the audit has every write', async () => {
      await kube.create(SECRETS, secret('audited'))
      await kube.mergePatch(
        SEALED_SECRETS,
        id('fresh'),
        { status: { observedGeneration: 1 } },
        { subresource: 'status' },
      )
      const written = await until('the audit lines', async () => {
        const mine = (await cluster.audit()).filter(({ userAgent }) => userAgent === 'contract')
        const found = mine.filter(
          ({ name, subresource }) => name === 'audited' || (name === 'fresh' && subresource === 'status'),
        )
        return found.length >= 2 && found
      })
      expect(written.map(({ verb, resource, code }) => [verb, resource, code])).toEqual([
        ['create', 'secrets', 201],
        ['patch', 'sealedsecrets', 200],
      ])
    })
  })
}

const condition = (type: string) => ({
  type,
  status: 'True',
  reason: 'Contract',
  message: 'a message',
  observedGeneration: 1,
  lastTransitionTime: '2026-11-24T00:00:00Z',
})
