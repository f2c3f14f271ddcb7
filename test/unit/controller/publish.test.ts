import { describe, expect, test } from 'vitest'
import { createSeeds } from '../../../controller/keys/at-rest/seeds.ts'
import { newKeySecret, readKeySecret } from '../../../controller/keys/key-secret.ts'
import { createPublisher } from '../../../controller/keys/publish.ts'
import { chooseKem } from '../../../shared/crypto/kem/choose.ts'
import { KEY_CONFIG_MAP, readConfigMap } from '../../../shared/keys/key-config-map.ts'
import type { KeyState } from '../../../shared/keys/labels.ts'
import { type KeyUsage, type PublishedKey, readPublishedKey } from '../../../shared/keys/published.ts'
import { CONFIG_MAPS, SEALING_KEYS } from '../../../shared/kube/resources.ts'
import { apiError, createFakeKube, type FakeKube } from './fake-kube.ts'
import { memoryLog } from './world.ts'

const kem = await chooseKem()
const seeds = createSeeds({ all: [] })
const namespace = 'waxwing-system'

async function key(
  n: number,
  { holder = 'prod', state = 'active' as KeyState, usage = undefined as KeyUsage | undefined } = {},
): Promise<PublishedKey> {
  const seed = new Uint8Array(32).fill(n)
  const reading = await readKeySecret(
    kem,
    await newKeySecret(kem, { name: `key-${n}`, namespace, holder: 'x', seed, now: 1e12 }, seeds.store),
    seeds.open,
  )
  if (reading.kind !== 'key') throw new Error('no key')
  return { key: { ...reading.key.public, holder }, state, secret: `key-${n}`, ...(usage && { usage }) }
}
const idOf = async (n: number) => (await key(n)).key.id

const publisher = (kube: FakeKube, { log = memoryLog(), counter = 'waxwing', at = namespace } = {}) => {
  const one = createPublisher({ kube, namespace: at, counter, log, signal: new AbortController().signal })
  return (keys: PublishedKey[], complete = true) => one.publish({ keys, complete })
}
const writes = (kube: FakeKube) => kube.writes().splice(0)
const clear = (kube: FakeKube) => void kube.calls.splice(0)
const ids = async (kube: FakeKube) =>
  (await kube.list(SEALING_KEYS)).items.map(({ metadata }) => metadata.name).sort()

describe('published as SealingKeys', () => {
  test('an object is created once, and only what differs is patched', async () => {
    const kube = createFakeKube()
    const id = await idOf(1)
    await publisher(kube)([await key(1)])
    expect(kube.find(SEALING_KEYS, { name: id })).toMatchObject({
      metadata: {
        labels: { 'waxwing.dev/sealing-key': 'active', 'waxwing.dev/published-by': namespace },
        annotations: { 'waxwing.dev/key-secret': 'key-1' },
      },
      spec: { holder: 'prod', id },
    })
    await publisher(kube)([await key(1)])
    expect(kube.writes()).toHaveLength(1)
    await publisher(kube)([await key(1, { holder: 'staging' })])
    expect(kube.writes()).toEqual([`create sealingkeys ${id}`, `patch sealingkeys ${id}`])
    expect(kube.find(SEALING_KEYS, { name: id })?.spec).toMatchObject({ holder: 'staging' })
  })

  test('another replica may have been first', async () => {
    const kube = createFakeKube()
    kube.before = async ({ verb }) => {
      if (verb !== 'create') return
      kube.before = () => undefined
      await publisher(kube)([await key(1)])
    }
    await publisher(kube)([await key(1)])
    expect(kube.writes()).toHaveLength(2)
  })

  test('a retired key is marked, and one that comes back is not', async () => {
    const kube = createFakeKube()
    const publish = publisher(kube)
    const state = async () => readPublishedKey(kube.find(SEALING_KEYS, { name: await idOf(1) })).state
    await publish([await key(1)])
    await publish([await key(1, { state: 'retired' })])
    expect(await state()).toBe('retired')
    await publish([await key(1)])
    expect(await state()).toBe('active')
  })

  test('what is gone is taken back, but not while a key may only seem to be gone', async () => {
    const kube = createFakeKube()
    const publish = publisher(kube)
    await publish([await key(1), await key(2)])
    await publish([await key(2)], false)
    expect(await ids(kube)).toHaveLength(2)
    await publish([await key(2)])
    expect(await ids(kube)).toEqual([await idOf(2)])
  })

  test('what others published is neither changed nor deleted', async () => {
    const kube = createFakeKube()
    await publisher(kube, { at: 'team-a' })([await key(1), await key(2, { holder: 'theirs' })])
    const unmarked = await key(3)
    kube.put(SEALING_KEYS, { metadata: { name: unmarked.key.id } })
    clear(kube)
    await publisher(kube)([await key(2), await key(4)])
    expect(writes(kube)).toEqual([
      `create sealingkeys ${await idOf(2)}`,
      `create sealingkeys ${await idOf(4)}`,
    ])
    await publisher(kube)([])
    expect(await ids(kube)).toEqual([await idOf(1), await idOf(2), await idOf(3)].sort())
    expect(kube.find(SEALING_KEYS, { name: await idOf(2) })?.spec).toMatchObject({ holder: 'theirs' })
  })

  test('an unmarked one of our own key is put right, and is ours', async () => {
    const kube = createFakeKube()
    const id = await idOf(1)
    kube.put(SEALING_KEYS, {
      apiVersion: 'waxwing.dev/v1alpha1',
      kind: 'SealingKey',
      metadata: { name: id },
      ...{ spec: { holder: 'wrong', id, extra: 'x' } },
    })
    await publisher(kube)([await key(1)])
    const object = kube.find(SEALING_KEYS, { name: id })
    expect(readPublishedKey(object)).toMatchObject({
      state: 'active',
      secret: 'key-1',
      key: { holder: 'prod' },
    })
    await publisher(kube)([])
    expect(await ids(kube)).toEqual([])
  })

  test('counts are written where they changed, each controller its own', async () => {
    const kube = createFakeKube()
    const id = await idOf(1)
    const usage = { usable: 3, needed: 2 }
    await publisher(kube)([await key(1, { usage })])
    expect(writes(kube)).toEqual([`create sealingkeys ${id}`, `patch sealingkeys/status ${id}`])
    clear(kube)
    await publisher(kube)([await key(1, { usage })])
    await publisher(kube)([await key(1)])
    expect(writes(kube)).toEqual([])
    await publisher(kube, { counter: 'by-label' })([await key(1, { usage: { usable: 1, needed: 1 } })])
    expect(writes(kube)).toEqual([`patch sealingkeys/status ${id}`])
    expect(readPublishedKey(kube.find(SEALING_KEYS, { name: id })).usage).toEqual({ usable: 4, needed: 3 })
  })
})

describe('where SealingKeys may not be written', () => {
  function forbidding(...plurals: string[]) {
    const kube = createFakeKube()
    kube.before = ({ resource }) => {
      if (plurals.includes(resource)) throw apiError(403, 'Forbidden')
    }
    return kube
  }
  const read = (kube: FakeKube) =>
    readConfigMap(
      kube.find<{ data: Record<string, string> } & ReturnType<typeof Object>>(CONFIG_MAPS, {
        namespace,
        name: KEY_CONFIG_MAP,
      })?.data ?? {},
    )

  test('a ConfigMap has them, with their states and counts', async () => {
    const kube = forbidding('sealingkeys')
    const log = memoryLog()
    const publish = publisher(kube, { log })
    const keys = [
      await key(1, { usage: { usable: 2, needed: 1 } }),
      await key(2, { state: 'retired', usage: { usable: 0, needed: 0 } }),
    ]
    await publish(keys)
    expect(read(kube)).toEqual(keys)
    clear(kube)
    await publish(keys)
    expect(writes(kube)).toEqual([])
    await publish(keys.slice(1), false)
    expect(read(kube)).toHaveLength(2)
    await publish(keys.slice(1))
    expect(read(kube)).toEqual(keys.slice(1))
    expect(log.lines.map(({ level }) => level)).toEqual(['warn'])
  })

  test('controllers that share the keys add up their counts', async () => {
    const kube = forbidding('sealingkeys')
    await publisher(kube)([await key(1, { usage: { usable: 2, needed: 1 } })])
    await publisher(kube, { counter: 'by-label' })([await key(1, { usage: { usable: 5, needed: 5 } })])
    expect(read(kube)[0]?.usage).toEqual({ usable: 7, needed: 6 })
  })

  test('a ConfigMap of somebody else is left alone', async () => {
    const kube = forbidding('sealingkeys')
    kube.put(CONFIG_MAPS, { metadata: { namespace, name: KEY_CONFIG_MAP }, ...{ data: { a: 'b' } } })
    const log = memoryLog()
    await publisher(kube, { log })([await key(1)])
    expect(writes(kube)).toEqual([])
    expect(log.lines).toHaveLength(2)
  })

  test('nor a ConfigMap, that is said once each and is no failure; any other trouble is', async () => {
    const kube = forbidding('sealingkeys', 'configmaps')
    const log = memoryLog()
    const publish = publisher(kube, { log })
    await publish([await key(1)])
    await publish([await key(1)])
    expect(log.lines.map(({ level }) => level)).toEqual(['warn', 'warn'])
    kube.before = () => {
      throw apiError(500, 'InternalError')
    }
    await expect(publish([await key(1)])).rejects.toThrow('500')
  })

  test('what is no key in it is left out', async () => {
    const good = await key(1)
    const kube = forbidding('sealingkeys')
    await publisher(kube)([good])
    const object = kube.find(CONFIG_MAPS, { namespace, name: KEY_CONFIG_MAP }) as unknown as {
      data: Record<string, string>
    }
    const junk = { 'a.yaml': '{', 'b.yaml': '7', 'c.yaml': '', 'd.json': '{', 'e.json': 'null', f: 'x' }
    expect(readConfigMap({ ...object.data, ...junk })).toEqual([good])
  })
})

describe('the ConfigMap that stood in for SealingKeys', () => {
  const map = { namespace, name: KEY_CONFIG_MAP }
  const left = (publishedBy = namespace) => {
    const kube = createFakeKube()
    const labels = { 'waxwing.dev/published-by': publishedBy }
    kube.put(CONFIG_MAPS, { metadata: { ...map, labels }, ...{ data: { 'old.yaml': 'x' } } })
    return kube
  }
  const asked = (kube: FakeKube) => kube.calls.filter(({ resource }) => resource === 'configmaps').length

  test('goes when all keys are published as objects, and is looked for once', async () => {
    const kube = left()
    const publish = publisher(kube)
    await publish([await key(1)])
    expect(kube.find(CONFIG_MAPS, map)).toBeUndefined()
    expect(kube.writes()).toEqual([
      `create sealingkeys ${await idOf(1)}`,
      `delete configmaps ${KEY_CONFIG_MAP}`,
    ])
    await publish([await key(1), await key(2)])
    expect(asked(kube)).toBe(2)
  })

  test('stays while a key may be in it alone', async () => {
    const kube = left()
    const publish = publisher(kube)
    await publish([await key(1)], false)
    await publish([])
    expect(asked(kube)).toBe(0)
    await publish([await key(1)])
    expect(kube.find(CONFIG_MAPS, map)).toBeUndefined()
  })

  test('stays when it is of somebody else', async () => {
    const kube = left('elsewhere')
    await publisher(kube)([await key(1)])
    expect(kube.find(CONFIG_MAPS, map)).toBeDefined()
  })

  test('stays without the right to it, which is no failure; any other trouble is, and is tried again', async () => {
    const kube = left()
    const publish = publisher(kube)
    kube.before = ({ verb }) => {
      if (verb === 'delete') throw apiError(500, 'InternalError')
    }
    await expect(publish([await key(1)])).rejects.toThrow('500')
    kube.before = () => undefined
    await publish([await key(1)])
    expect(kube.find(CONFIG_MAPS, map)).toBeUndefined()

    const other = left()
    const log = memoryLog()
    const forbidden = publisher(other, { log })
    other.before = ({ resource }) => {
      if (resource === 'configmaps') throw apiError(403, 'Forbidden')
    }
    await forbidden([await key(1)])
    await forbidden([await key(1)])
    expect(asked(other)).toBe(1)
    expect(log.lines.map(({ level }) => level)).toEqual(['info'])
  })

  test('goes as well when the right to publish objects comes later', async () => {
    const kube = createFakeKube()
    const publish = publisher(kube)
    kube.before = ({ resource }) => {
      if (resource === 'sealingkeys') throw apiError(403, 'Forbidden')
    }
    await publish([await key(1)])
    expect(kube.find(CONFIG_MAPS, map)).toBeDefined()
    kube.before = () => undefined
    await publish([await key(1)])
    expect(kube.find(CONFIG_MAPS, map)).toBeUndefined()
    expect(await ids(kube)).toEqual([await idOf(1)])
  })
})
