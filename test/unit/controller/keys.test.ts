import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { createSeeds } from '../../../controller/keys/at-rest/seeds.ts'
import { storePlain } from '../../../controller/keys/at-rest/stored.ts'
import { ensureKey, KeyInDoubt } from '../../../controller/keys/first-key.ts'
import { followKeys } from '../../../controller/keys/follow.ts'
import { newKeySecret, readKeySecret } from '../../../controller/keys/key-secret.ts'
import { createKeyring } from '../../../controller/keys/keyring.ts'
import type { Renewal } from '../../../controller/keys/renewal.ts'
import type { SecretObject } from '../../../controller/objects.ts'
import type { Note } from '../../../controller/reconcile/transition.ts'
import { chooseKem } from '../../../shared/crypto/kem/choose.ts'
import { KEY_LABEL, KEY_TYPE } from '../../../shared/keys/labels.ts'
import { SECRETS } from '../../../shared/kube/resources.ts'
import { seededRandom } from '../../support/objects.ts'
import { apiError, createFakeKube, type FakeKube } from './fake-kube.ts'
import { memoryLog } from './world.ts'

const kem = await chooseKem()
const seeds = createSeeds({ all: [] })
const namespace = 'waxwing-system'
const NOW = Date.parse('2026-11-24T00:00:00Z')
const DAY = 86_400_000
const base64 = (text: string | Uint8Array) => Buffer.from(text).toString('base64')

const keySecret = (n: number, now = NOW): Promise<SecretObject> =>
  newKeySecret(
    kem,
    { name: `key-${n}`, namespace, holder: 'prod', seed: new Uint8Array(32).fill(n), now },
    storePlain,
  )

const BY_KMS = '{"provider":"kms-v2","keyId":"1","annotations":{}}'
const otherPublic = (await keySecret(2)).data?.public ?? ''

async function changed(change: (secret: SecretObject) => void, n = 1): Promise<SecretObject> {
  const secret = structuredClone(await keySecret(n))
  change(secret)
  return secret
}

describe('a key Secret', () => {
  test('that was made is read as what it is', async () => {
    const secret = await keySecret(1)
    expect(secret).toMatchObject({ type: KEY_TYPE, metadata: { labels: { [KEY_LABEL]: 'active' } } })
    const reading = await readKeySecret(kem, secret, seeds.open)
    expect(reading).toMatchObject({
      kind: 'key',
      key: { name: 'key-1', state: 'active', public: { holder: 'prod', notBefore: '2026-11-24T00:00:00Z' } },
    })
    if (reading.kind !== 'key') return
    expect(Date.parse(reading.key.public.notAfter)).toBe(NOW + 30 * DAY)
    expect(reading.key.public.publicKey).toEqual(reading.key.private.publicKey)
  })

  test.each<[string, (secret: SecretObject) => void, string]>([
    [
      'of another type',
      (s) => Object.assign(s, { type: 'Opaque' }),
      'the type is not waxwing.dev/sealing-key',
    ],
    [
      'with an odd label',
      ({ metadata }) => Object.assign(metadata, { labels: { [KEY_LABEL]: 'yes' } }),
      'the label is neither active nor retired',
    ],
    ['without data', (s) => delete s.data, 'the seed is not 32 bytes'],
    [
      'with a short seed',
      (s) => Object.assign(s.data ?? {}, { seed: base64('short') }),
      'the seed is not 32 bytes',
    ],
    ['without a public part', (s) => delete s.data?.public, "the public part is not the seed's"],
    [
      'with the public part of another',
      (s) => Object.assign(s.data ?? {}, { public: otherPublic }),
      "the public part is not the seed's",
    ],
    [
      'with junk as its public part',
      (s) => Object.assign(s.data ?? {}, { public: base64('{') }),
      'the public part: not YAML',
    ],
    [
      'with a number as its public part',
      (s) => Object.assign(s.data ?? {}, { public: base64('7') }),
      'the public part: SealingKey',
    ],
  ])('%s is malformed', async (_what, change, why) => {
    const reading = await readKeySecret(kem, await changed(change), seeds.open)
    expect(reading.kind === 'malformed' && reading.why.startsWith(why) ? why : reading).toBe(why)
  })

  test('with a wrapped seed is told apart', async () => {
    const wrapped = await changed(({ data }) => {
      delete data?.seed
      Object.assign(data ?? {}, { wrappedSeed: base64('x'), wrappedBy: base64(BY_KMS) })
    })
    expect(await readKeySecret(kem, wrapped, seeds.open)).toMatchObject({
      kind: 'wrapped',
      why: 'the seed is wrapped by a KMS, and no --kms is given',
    })
    wrapped.data = { ...wrapped.data, wrappedBy: base64('kms') }
    expect(await readKeySecret(kem, wrapped, seeds.open)).toEqual({
      kind: 'malformed',
      why: 'wrappedBy does not say who wrapped the seed',
      doubt: true,
    })
  })
})

describe('the keyring', () => {
  test('has the newest active key first; retired ones open, and are not sealed to', async () => {
    let changes = 0
    const keyring = createKeyring(kem, seeds.open, () => {
      changes += 1
    })
    await keyring.upsert(await keySecret(1, NOW - 2 * DAY))
    await keyring.upsert(await keySecret(2, NOW))
    await keyring.upsert(await keySecret(3, NOW - DAY))
    const retired = await keySecret(4, NOW + DAY)
    await keyring.upsert({
      ...retired,
      metadata: { ...retired.metadata, labels: { [KEY_LABEL]: 'retired' } },
    })
    expect(keyring.all().map(({ name }) => name)).toEqual(['key-2', 'key-3', 'key-1', 'key-4'])
    expect(keyring.newest()?.name).toBe('key-2')
    expect(keyring.private().size).toBe(4)
    expect(keyring.counts()).toEqual({ active: 3, retired: 1, wrapped: 0, malformed: 0 })
    expect(changes).toBe(4)
  })

  test('is not changed by what was there, and forgets what is gone or has become malformed', async () => {
    let changes = 0
    const keyring = createKeyring(kem, seeds.open, () => {
      changes += 1
    })
    const secret = await changed(({ metadata }) => Object.assign(metadata, { resourceVersion: '1' }))
    await keyring.upsert(secret)
    await keyring.upsert(secret)
    await keyring.upsert({ ...secret, metadata: { ...secret.metadata, resourceVersion: '2' } })
    expect(changes).toBe(1)
    await keyring.upsert({ ...secret, data: {}, metadata: { ...secret.metadata, resourceVersion: '3' } })
    expect(keyring.newest()).toBeUndefined()
    expect(keyring.counts().malformed).toBe(1)
    await keyring.upsert({ ...secret, metadata: { ...secret.metadata, resourceVersion: '4' } })
    keyring.remove('key-1')
    keyring.remove('key-1')
    expect(keyring.private().size).toBe(0)
    expect(changes).toBe(4)
  })
})

describe('following', () => {
  test('reports a malformed key and loads the others; no Event for what was there at the start', async () => {
    const log = memoryLog()
    const notes: Note[] = []
    const keyring = createKeyring(kem, seeds.open, () => undefined)
    let synced = 0
    const bad = async (n: number) => changed((secret) => delete secret.data?.seed, n)
    await followKeys(
      (async function* () {
        yield { type: 'upsert' as const, object: await bad(1) }
        yield { type: 'upsert' as const, object: await keySecret(2) }
        yield { type: 'synced' as const }
        yield { type: 'upsert' as const, object: await bad(3) }
        yield { type: 'delete' as const, id: { name: 'key-2' } }
      })(),
      {
        keyring,
        atRest: { saw: () => undefined, gone: () => undefined },
        log,
        tell: (_secret, note) => notes.push(note),
        synced: () => {
          synced += 1
        },
      },
    )
    expect(log.lines.map(({ level }) => level)).toEqual(['error', 'info', 'error', 'warn'])
    expect(notes.map(({ reason }) => reason)).toEqual(['MalformedSealingKey'])
    expect(synced).toBe(1)
    expect(keyring.counts()).toEqual({ active: 0, retired: 0, wrapped: 0, malformed: 2 })
  })
})

describe('the first key', () => {
  const ensure = (
    kube: FakeKube,
    seed = 1,
    log = memoryLog(),
    renewal: Renewal = { everyMs: 0 },
    now = NOW,
  ) =>
    ensureKey({
      kube,
      kem,
      seeds,
      namespace,
      holder: 'prod',
      random: seededRandom(seed),
      renewal,
      now: () => now,
      log,
      signal: new AbortController().signal,
    })
  const seedOf = (secrets: SecretObject[]) => secrets.map(({ data }) => data?.seed)

  test('is made where there is none', async () => {
    const kube = createFakeKube()
    const [secret] = await ensure(kube)
    expect(secret?.metadata.name).toBe('waxwing-key-1')
    expect(kube.writes()).toEqual(['create secrets waxwing-key-1'])
    expect(await ensure(kube)).toHaveLength(1)
    expect(kube.writes()).toHaveLength(1)
  })

  test('is not made on doubt', async () => {
    const kube = createFakeKube()
    kube.before = () => {
      throw apiError(500, 'InternalError')
    }
    await expect(ensure(kube)).rejects.toThrow('500')
    expect(kube.writes()).toEqual([])
    const wrapped = await changed(({ data }) => {
      delete data?.seed
      Object.assign(data ?? {}, { wrappedSeed: base64('x') })
    })
    const other = createFakeKube()
    other.put(SECRETS, wrapped)
    await expect(ensure(other)).rejects.toThrow(KeyInDoubt)
    expect(other.writes()).toEqual([])
  })

  test.each([
    [
      'retired',
      (s: SecretObject) => Object.assign(s.metadata.labels ?? {}, { [KEY_LABEL]: 'retired' }),
      'warn',
    ],
    ['malformed', (s: SecretObject) => delete s.data?.seed, 'error'],
  ])('is made beside %s ones, under the next number, and said aloud', async (_what, change, level) => {
    const kube = createFakeKube()
    kube.put(SECRETS, await changed(change))
    const log = memoryLog()
    const secrets = await ensure(kube, 1, log)
    expect(secrets.map(({ metadata }) => metadata.name)).toEqual(['key-1', 'waxwing-key-2'])
    expect(log.lines.map((line) => line.level)).toEqual([level, 'info'])
  })

  test('takes another number where a stranger has the name', async () => {
    const kube = createFakeKube()
    kube.put(SECRETS, { metadata: { name: 'waxwing-key-1', namespace } })
    expect((await ensure(kube))[0]?.metadata.name).toBe('waxwing-key-2')
  })

  test('gets a successor when it is old, and only then; the old one stays active', async () => {
    const kube = createFakeKube()
    const renewal = { everyMs: 30 * DAY }
    await ensure(kube, 1, memoryLog(), renewal)
    expect(await ensure(kube, 2, memoryLog(), renewal, NOW + 30 * DAY - 1000)).toHaveLength(1)
    const log = memoryLog()
    const secrets = await ensure(kube, 3, log, renewal, NOW + 30 * DAY)
    expect(secrets.map(({ metadata }) => [metadata.name, metadata.labels?.[KEY_LABEL]])).toEqual([
      ['waxwing-key-1', 'active'],
      ['waxwing-key-2', 'active'],
    ])
    expect(log.lines.map(({ message }) => message)).toEqual(['made a sealing key'])
    expect(await ensure(kube, 4, memoryLog(), renewal, NOW + 30 * DAY)).toHaveLength(2)
  })

  test('has a number above all that are there', async () => {
    const kube = createFakeKube()
    const renewal = { everyMs: DAY }
    for (let day = 0; day < 4; day++) await ensure(kube, day, memoryLog(), renewal, NOW + day * DAY)
    for (const name of ['waxwing-key-1', 'waxwing-key-2']) await kube.delete(SECRETS, { namespace, name })
    const secrets = await ensure(kube, 9, memoryLog(), renewal, NOW + 9 * DAY)
    expect(secrets.at(-1)?.metadata.name).toBe('waxwing-key-5')
  })

  test('has one successor, of whichever controllers renew it together: 20 times 4', async () => {
    for (let round = 1; round <= 20; round++) {
      const kube = createFakeKube()
      const renewal = { everyMs: DAY }
      await ensure(kube, round, memoryLog(), renewal)
      const random = seededRandom(round)
      kube.before = () => pause((random(1)[0] ?? 0) % 4)
      await Promise.all(
        [1, 2, 3, 4].map((i) => ensure(kube, round * 10 + i, memoryLog(), renewal, NOW + 2 * DAY + i * 500)),
      )
      expect((await kube.list(SECRETS, { namespace })).items).toHaveLength(2)
    }
  })

  test('is one, of whichever controllers start together: 20 times 4', async () => {
    for (let round = 1; round <= 20; round++) {
      const kube = createFakeKube()
      const random = seededRandom(round)
      kube.before = () => pause((random(1)[0] ?? 0) % 4)
      const found = await Promise.all([1, 2, 3, 4].map((i) => ensure(kube, round * 10 + i)))
      expect(new Set(found.map((secrets) => JSON.stringify(seedOf(secrets)))).size).toBe(1)
      expect((await kube.list(SECRETS, { namespace })).items).toHaveLength(1)
    }
  })
})
