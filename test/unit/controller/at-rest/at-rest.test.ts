import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createSeeds, type Providers } from '../../../../controller/keys/at-rest/seeds.ts'
import { storePlain } from '../../../../controller/keys/at-rest/stored.ts'
import { newKeySecret } from '../../../../controller/keys/key-secret.ts'
import { createKeyService } from '../../../../controller/keys/service.ts'
import type { SecretObject } from '../../../../controller/objects.ts'
import { createPulse } from '../../../../controller/pulse.ts'
import type { Note } from '../../../../controller/reconcile/transition.ts'
import { chooseKem } from '../../../../shared/crypto/kem/choose.ts'
import { AT_REST_ANNOTATION, KEY_LABEL, REWRAP_ANNOTATION } from '../../../../shared/keys/labels.ts'
import { SEALING_KEYS, SECRETS } from '../../../../shared/kube/resources.ts'
import { seededRandom } from '../../../support/objects.ts'
import { until } from '../../../support/programs.ts'
import { apiError, createFakeKube, type FakeKube } from '../fake-kube.ts'
import { memoryLog } from '../world.ts'
import { fakeProvider } from './fake-provider.ts'

const kem = await chooseKem()
const namespace = 'waxwing-system'
const name = 'waxwing-key-1'
let end: AbortController
let kube: FakeKube

beforeEach(() => {
  end = new AbortController()
  kube = createFakeKube()
})
afterEach(() => end.abort())

function service(providers: Providers, { leads = true, checkMs = 50 } = {}) {
  const log = memoryLog()
  const notes: Note[] = []
  const keys = createKeyService({
    kube,
    fenced: kube,
    kem,
    seeds: createSeeds(providers),
    atRestCheckMs: checkMs,
    namespace,
    holder: 'prod',
    counter: 'waxwing',
    log,
    renewal: { everyMs: 0 },
    now: Date.now,
    clock: Date.now,
    random: () => 0.01,
    randomBytes: seededRandom(5),
    pulse: createPulse(
      () => 0,
      () => performance.now(),
    ),
    signal: end.signal,
    cut: end.signal,
    disconnected: () => undefined,
    rewatched: () => undefined,
    tell: (_secret, note) => notes.push(note),
    changed: () => undefined,
  })
  void keys.follow()
  if (leads) void keys.listed.then(() => keys.lead(end.signal))
  return { keys, log, notes }
}

const only = (provider: ReturnType<typeof fakeProvider>): Providers => ({ target: provider, all: [provider] })
const secret = () => kube.find<SecretObject>(SECRETS, { namespace, name })
const dataFields = () => Object.keys(secret()?.data ?? {}).sort()
const openKey = (keys: ReturnType<typeof service>['keys']) =>
  until('an open key', async () => keys.keyring.newest())
const patches = () => kube.writes().filter((write) => write === `patch secrets ${name}`).length
const creates = () => kube.writes().filter((write) => write.startsWith('create secrets')).length
const pause = (ms = 200) => new Promise((resolve) => setTimeout(resolve, ms))

async function putPlain(): Promise<void> {
  const seed = new Uint8Array(32).fill(9)
  kube.put(SECRETS, await newKeySecret(kem, { name, namespace, holder: 'prod', seed, now: 0 }, storePlain))
}
const ask = () =>
  kube.mergePatch(SECRETS, { namespace, name }, { metadata: { annotations: { [REWRAP_ANNOTATION]: 'now' } } })
const done = () =>
  until('it is done', async () => secret()?.metadata.annotations?.[REWRAP_ANNOTATION] === undefined)

describe('a new key', () => {
  test('is wrapped before it is written', async () => {
    const { keys } = service(only(fakeProvider()))
    await openKey(keys)
    expect(dataFields()).toEqual(['public', 'wrappedBy', 'wrappedSeed'])
    expect(secret()?.metadata.annotations).toEqual({ [AT_REST_ANNOTATION]: 'kms' })
    const sent = kube.calls.filter(({ resource, verb }) => resource === 'secrets' && verb === 'create')
    expect(sent).toHaveLength(1)
    expect(JSON.stringify(sent)).not.toContain('"seed"')
  })

  test('waits for a provider that is away', async () => {
    const provider = fakeProvider()
    provider.away = true
    const { keys } = service(only(provider))
    await until('attempts', async () => provider.calls.length >= 2)
    expect(creates()).toBe(0)
    expect(keys.missing()).toEqual(['no sealing key'])
    provider.away = false
    await openKey(keys)
    expect(creates()).toBe(1)
  })

  test('is not made where what was wrapped does not come back', async () => {
    const provider = fakeProvider()
    provider.lies = true
    const { log } = service(only(provider))
    await until('the error', async () =>
      log.lines.some(({ fields }) => String((fields as { err?: Error }).err).includes('does not give back')),
    )
    expect(creates()).toBe(0)
  })
})

describe('a provider that is away', () => {
  async function wrappedKey(provider: ReturnType<typeof fakeProvider>): Promise<void> {
    const { keys } = service(only(provider))
    await openKey(keys)
    end.abort()
    end = new AbortController()
    provider.calls = []
  }

  test('at the start: no second key, a stated one is shown and not published, and it goes on when it is back', async () => {
    const provider = fakeProvider()
    await wrappedKey(provider)
    const published = kube.writes().filter((write) => write.includes('sealingkeys')).length
    provider.away = true
    const { keys, log } = service(only(provider))
    await until('attempts', async () => provider.calls.length >= 4)
    expect(keys.missing()).toEqual([expect.stringContaining('wrapped')])
    expect(keys.keyring.private().size).toBe(0)
    expect(keys.keyring.shown().map(({ state }) => state)).toEqual(['active'])
    expect(keys.keyring.counts()).toMatchObject({ wrapped: 1, active: 0 })
    expect(creates()).toBe(1)
    expect(kube.writes().filter((write) => write.includes('sealingkeys'))).toHaveLength(published)
    provider.away = false
    await openKey(keys)
    expect(keys.missing()).toEqual([])
    expect(creates()).toBe(1)
    expect(log.lines.map(({ message }) => message)).toContain('loaded a sealing key')
    expect(kube.find(SEALING_KEYS, { name: keys.keyring.newest()?.public.id ?? '' })).toBeDefined()
  })

  test('later: open keys stay open, also when their Secret changes', async () => {
    const provider = fakeProvider()
    const { keys } = service(only(provider))
    await openKey(keys)
    provider.away = true
    await kube.mergePatch(
      SECRETS,
      { namespace, name },
      { metadata: { labels: { [KEY_LABEL]: 'retired', x: 'y' } } },
    )
    await until('it is retired', async () => keys.keyring.counts().retired === 1)
    expect(keys.keyring.private().size).toBe(1)
  })

  test('of a follower, whose leader wraps anew: the follower keeps the seed that it has', async () => {
    const [leaders, followers] = [fakeProvider(), fakeProvider()]
    const leader = service(only(leaders))
    await openKey(leader.keys)
    const follower = service(only(followers), { leads: false })
    await openKey(follower.keys)
    followers.away = true
    leaders.key = 2
    await until('it is wrapped anew', async () => patches() === 1)
    await pause()
    expect(follower.keys.keyring.private().size).toBe(1)
    expect(follower.keys.keyring.counts().wrapped).toBe(0)
  })

  test('that opens something else: malformed, and not used', async () => {
    const provider = fakeProvider()
    await wrappedKey(provider)
    provider.lies = true
    const { keys } = service(only(provider))
    await until('it is read', async () => keys.keyring.counts().malformed === 1)
    await pause()
    expect(creates()).toBe(1)
    expect(keys.keyring.shown()).toEqual([])
  })
})

test("a wrapped seed beside another's public part: malformed, and still no second key", async () => {
  const provider = fakeProvider()
  const first = service(only(provider))
  await openKey(first.keys)
  end.abort()
  end = new AbortController()
  const other = { name, namespace, holder: 'prod', seed: new Uint8Array(32).fill(8), now: 0 }
  const { data } = await newKeySecret(kem, other, storePlain)
  await kube.mergePatch(SECRETS, { namespace, name }, { data: { public: data?.public } })
  const { keys, log } = service(only(provider))
  await until('it is in doubt', async () =>
    log.lines.some(({ fields }) => String((fields as { err?: Error }).err).includes("not the seed's")),
  )
  expect(keys.keyring.counts()).toMatchObject({ malformed: 1, active: 0 })
  expect(creates()).toBe(1)
})

describe('wrapping anew', () => {
  test('follows a new key of the provider, with one write', async () => {
    const provider = fakeProvider()
    const { keys } = service(only(provider))
    const { id } = (await openKey(keys)).public
    const before = secret()?.data?.wrappedBy
    provider.key = 2
    await until('the write', async () => secret()?.data?.wrappedBy !== before)
    await pause(300)
    expect(patches()).toBe(1)
    expect(keys.keyring.newest()?.public.id).toBe(id)
  })

  test('writes nothing while all is as it was', async () => {
    const provider = fakeProvider()
    const { keys } = service(only(provider))
    await openKey(keys)
    await until('some looks', async () => provider.calls.filter((call) => call === 'newest').length >= 3)
    expect(patches()).toBe(0)
  })

  test.each<[string, () => Providers, string[]]>([
    ['kms', () => only(fakeProvider()), ['public', 'wrappedBy', 'wrappedSeed']],
    ['transit', () => only(fakeProvider('transit')), ['public', 'wrappedBy', 'wrappedSeed']],
  ])('plain to %s: a warning, and nothing until it is asked for', async (form, providers, fields) => {
    await putPlain()
    const { keys, log } = service(providers())
    const { id } = (await openKey(keys)).public
    await pause()
    expect([patches(), dataFields()]).toEqual([0, ['public', 'seed']])
    expect(log.lines.map(({ message }) => message)).toContainEqual(
      expect.stringContaining('is stored in plain'),
    )
    await ask()
    await done()
    expect(dataFields()).toEqual(fields)
    expect(secret()?.metadata.annotations).toEqual({ [AT_REST_ANNOTATION]: form })
    await pause()
    expect(keys.keyring.newest()?.public.id).toBe(id)
    expect(patches()).toBe(2) // the request, and its fulfilment
  })

  test('to plain, and from one KMS to another, when asked', async () => {
    await putPlain()
    const [first, second] = [fakeProvider('kms', 1), fakeProvider('kms', 2)]
    const steps: Providers[] = [only(first), { target: second, all: [second, first] }, { all: [second] }]
    for (const providers of steps) {
      const { keys } = service(providers)
      await openKey(keys)
      const before = patches()
      await pause()
      expect(patches()).toBe(before)
      await ask()
      await done()
      end.abort()
      end = new AbortController()
    }
    expect(secret()?.data?.seed).toBe(Buffer.alloc(32, 9).toString('base64'))
    expect(dataFields()).toEqual(['public', 'seed'])
  })

  test('without a provider only answers', async () => {
    await putPlain()
    const { keys } = service({ all: [] })
    await openKey(keys)
    await ask()
    await done()
    expect(dataFields()).toEqual(['public', 'seed'])
  })

  test('is tried again, told once, and leaves what there is', async () => {
    await putPlain()
    const provider = fakeProvider()
    provider.away = true
    const { keys, notes } = service(only(provider))
    await openKey(keys)
    await ask()
    await until('attempts', async () => provider.calls.length >= 3)
    expect(notes.map(({ reason }) => reason)).toEqual(['SeedNotRewrapped'])
    expect(dataFields()).toEqual(['public', 'seed'])
    provider.away = false
    await done()
    expect(dataFields()).toEqual(['public', 'wrappedBy', 'wrappedSeed'])
  })

  test('never writes over what it has not seen', async () => {
    await putPlain()
    const { keys } = service(only(fakeProvider()))
    await openKey(keys)
    let conflicts = 0
    kube.before = ({ verb, body }) => {
      if (verb !== 'patch' || conflicts > 0 || !JSON.stringify(body).includes('wrappedSeed')) return
      conflicts += 1
      throw apiError(409, 'Conflict')
    }
    await ask()
    await done()
    expect(conflicts).toBe(1)
    const [written] = kube.calls.filter(({ body }) => JSON.stringify(body ?? '').includes('wrappedSeed'))
    expect(written?.body).toMatchObject({ metadata: { resourceVersion: expect.any(String) } })
  })
})
