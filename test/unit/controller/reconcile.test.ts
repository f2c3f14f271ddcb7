import { describe, expect, test } from 'vitest'
import type { SealedObject, SecretObject } from '../../../controller/objects.ts'
import { brokenRules, conditionOf } from '../../../controller/reconcile/conditions.ts'
import { NetworkError } from '../../../shared/kube/errors.ts'
import { SEALED_SECRETS, SECRETS } from '../../../shared/kube/resources.ts'
import { asKeys } from '../../support/objects.ts'
import { apiError, type FakeKube } from './fake-kube.ts'
import { otherKey, ourKey, reconcilerWorld, sealed } from './world.ts'

const ID = { namespace: 'shop', name: 'db' }
const text = (base64 = '') => Buffer.from(base64, 'base64').toString()
const secretOf = (kube: FakeKube) => kube.find<SecretObject>(SECRETS, ID)
const ready = (kube: FakeKube) => {
  const { status } = kube.find<SealedObject>(SEALED_SECRETS, ID) ?? {}
  if (status) expect(brokenRules(status)).toEqual([])
  const condition = conditionOf(status, 'Ready')
  return condition && `${condition.status} ${condition.reason}`
}

/** A world in which an object has been synced once, and what that took is forgotten. */
async function synced(values: Record<string, string> = { password: 'one', user: 'app' }, template?: unknown) {
  const world = reconcilerWorld()
  world.kube.put(SEALED_SECRETS, await sealed(values, { template }))
  world.watch()
  expect(await world.reconcile()).toBe('done')
  world.watch()
  world.kube.calls = []
  return world
}

describe('a new object', () => {
  test('costs one write of the Secret and one of the status, and no read', async () => {
    const world = reconcilerWorld()
    world.kube.put(SEALED_SECRETS, await sealed({ password: 'one', user: 'app' }))
    world.watch()
    expect(await world.reconcile()).toBe('done')
    expect(world.kube.calls.map(({ verb, resource }) => `${verb} ${resource}`)).toEqual([
      'create secrets',
      'update sealedsecrets/status',
    ])
    const secret = secretOf(world.kube)
    expect(text(secret?.data?.password)).toBe('one')
    expect(secret?.metadata.ownerReferences).toEqual([
      {
        apiVersion: 'waxwing.dev/v1alpha1',
        kind: 'SealedSecret',
        name: 'db',
        uid: world.kube.find(SEALED_SECRETS, ID)?.metadata.uid,
        controller: true,
      },
    ])
    expect(ready(world.kube)).toBe('True Synced')
    expect(world.notes).toEqual([])
  })

  test('that is large is read when its turn comes', async () => {
    const world = reconcilerWorld()
    world.kube.put(SEALED_SECRETS, await sealed({ password: 'x'.repeat(5000) }))
    world.watch()
    expect(await world.reconcile()).toBe('done')
    expect(world.kube.calls.map(({ verb, resource }) => `${verb} ${resource}`)).toEqual([
      'list sealedsecrets',
      'create secrets',
      'update sealedsecrets/status',
    ])
    expect(text(secretOf(world.kube)?.data?.password)).toHaveLength(5000)
  })

  test('that is large and goes before it is read is left alone', async () => {
    const world = reconcilerWorld()
    world.kube.put(SEALED_SECRETS, await sealed({ password: 'x'.repeat(5000) }))
    world.watch()
    await world.kube.delete(SEALED_SECRETS, ID)
    world.kube.calls = []
    expect(await world.reconcile()).toBe('done')
    expect(world.kube.writes()).toEqual([])
  })

  test('that cannot be read says so when it has failed for long', async () => {
    const world = reconcilerWorld()
    world.kube.put(SEALED_SECRETS, await sealed({ password: 'x'.repeat(5000) }))
    world.watch()
    world.kube.before = ({ verb }) => {
      if (verb === 'list') throw apiError(403, 'Forbidden')
    }
    expect(await world.reconcile('db', 2)).toBe('again')
    expect(world.kube.writes()).toEqual([])
    expect(await world.reconcile('db', 3)).toBe('again')
    expect(ready(world.kube)).toBe('False Forbidden')
  })

  test('is settled before the watches have brought back what was written, and after', async () => {
    const world = reconcilerWorld()
    world.kube.put(SEALED_SECRETS, await sealed({ password: 'one' }))
    world.watch()
    await world.reconcile()
    world.kube.calls = []
    for (let i = 0; i < 2; i++) {
      expect(await world.reconcile()).toBe('done')
      expect(world.kube.calls).toEqual([])
      world.watch()
    }
    expect(world.ended.slice(-2)).toEqual(['settled', 'settled'])
  })

  test('is settled for a controller that has only just started', async () => {
    const world = await synced()
    const restarted = reconcilerWorld(world.kube)
    restarted.watch()
    expect(await restarted.reconcile()).toBe('done')
    expect(world.kube.calls).toEqual([])
    expect(restarted.notes).toEqual([])
  })

  test('whose Secret was written when the controller died costs the status and no second write', async () => {
    const world = reconcilerWorld()
    world.kube.put(SEALED_SECRETS, await sealed({ password: 'one' }))
    world.watch()
    world.kube.before = ({ resource }) => {
      if (resource === 'sealedsecrets/status') throw new NetworkError('patch', 'ECONNRESET')
    }
    await world.reconcile()
    const restarted = reconcilerWorld(world.kube)
    world.kube.before = () => undefined
    world.kube.calls = []
    restarted.watch()
    expect(await restarted.reconcile()).toBe('done')
    expect(world.kube.writes()).toEqual(['update sealedsecrets/status db'])
    expect(ready(world.kube)).toBe('True Synced')
  })
})

describe('a changed object', () => {
  test('changes exactly what differs', async () => {
    const world = await synced({ password: 'one', user: 'app', gone: 'x' })
    world.kube.put(SEALED_SECRETS, await sealed({ password: 'two', user: 'app', new: 'y' }))
    world.watch()
    expect(await world.reconcile()).toBe('done')
    expect(world.kube.writes()).toEqual(['patch secrets db', 'update sealedsecrets/status db'])
    const patch = world.kube.calls.find(
      ({ resource, verb }) => resource === 'secrets' && verb === 'patch',
    )?.body
    expect(Object.keys((patch as { data: object }).data).sort()).toEqual(['gone', 'new', 'password'])
    const { data = {} } = secretOf(world.kube) ?? {}
    expect(
      Object.entries(data)
        .map(([key, value]) => `${key}=${text(value)}`)
        .sort(),
    ).toEqual(['new=y', 'password=two', 'user=app'])
    expect(world.notes).toEqual([])
  })

  test('of another type is replaced, and only if the Secret is the one that was looked at', async () => {
    const world = await synced()
    const before = secretOf(world.kube)?.metadata.uid
    world.kube.put(SEALED_SECRETS, await sealed({ password: 'one' }, { template: { type: 'example.com/x' } }))
    world.watch()
    expect(await world.reconcile()).toBe('done')
    expect(world.kube.writes()).toEqual([
      'delete secrets db',
      'create secrets db',
      'update sealedsecrets/status db',
    ])
    expect(secretOf(world.kube)).toMatchObject({ type: 'example.com/x' })
    expect(secretOf(world.kube)?.metadata.uid).not.toBe(before)
  })

  test('that is invalid keeps the last good Secret', async () => {
    const world = await synced()
    const good = secretOf(world.kube)
    const object = await sealed({ password: 'two' })
    const data = (object.spec as { data: Record<string, string> }).data
    data.password = `${data.password?.slice(0, -8)}AAAAAAA=`
    world.kube.put(SEALED_SECRETS, object)
    world.watch()
    expect(await world.reconcile()).toBe('done')
    expect(world.kube.calls.map(({ verb, resource }) => `${verb} ${resource}`)).toEqual([
      'update sealedsecrets/status',
    ])
    expect(secretOf(world.kube)).toEqual(good)
    expect(ready(world.kube)).toMatch(/^False (Tampered|Malformed)$/)
    expect(world.notes.map(({ type }) => type)).toEqual(['Warning'])
    world.watch()
    world.kube.calls = []
    expect(await world.reconcile()).toBe('done')
    expect(world.kube.calls).toEqual([])
  })
})

describe('a foreign Secret', () => {
  async function foreign() {
    const world = reconcilerWorld()
    world.kube.put(SECRETS, { metadata: { name: 'db', namespace: 'shop' } })
    world.kube.put(SEALED_SECRETS, await sealed({ password: 'one' }))
    world.watch()
    return world
  }

  test('is left alone, told once, and looked at again without a write', async () => {
    const world = await foreign()
    const before = secretOf(world.kube)
    expect(await world.reconcile()).toBe('again')
    expect(secretOf(world.kube)).toEqual(before)
    expect(ready(world.kube)).toBe('False SecretNotOwned')
    world.watch()
    world.kube.calls = []
    for (const again of [world, reconcilerWorld(world.kube)]) {
      again.watch()
      expect(await again.reconcile('db', 2)).toBe('again')
    }
    expect(world.kube.calls.map(({ verb }) => verb)).toEqual(['get', 'get'])
    expect(world.notes.map(({ reason }) => reason)).toEqual(['SecretNotOwned'])
  })

  test('that goes makes room', async () => {
    const world = await foreign()
    await world.reconcile()
    await world.kube.delete(SECRETS, ID)
    world.watch()
    expect(await world.reconcile('db', 2)).toBe('done')
    expect(text(secretOf(world.kube)?.data?.password)).toBe('one')
    expect(world.notes.map(({ reason }) => reason)).toEqual(['SecretNotOwned', 'Recovered'])
  })
})

test('a Secret of a former object is waited for', async () => {
  const world = await synced()
  await world.kube.delete(SEALED_SECRETS, ID)
  world.kube.put(SEALED_SECRETS, await sealed({ password: 'two' }))
  world.watch()
  world.kube.calls = []
  expect(await world.reconcile()).toBe('again')
  expect(text(secretOf(world.kube)?.data?.password)).toBe('one')
  expect(ready(world.kube)).toBe('False SecretOfFormerObject')
  await world.kube.delete(SECRETS, ID)
  world.watch()
  expect(await world.reconcile('db', 2)).toBe('done')
  expect(text(secretOf(world.kube)?.data?.password)).toBe('two')
  expect(world.notes).toEqual([])
})

describe('drift', () => {
  test('of a value is put back, and told by name', async () => {
    const world = await synced()
    await world.kube.mergePatch(SECRETS, ID, {
      data: { user: 'eA==', extra: 'eA==' },
      metadata: { labels: { theirs: 'x' } },
    })
    world.watch()
    world.kube.calls = []
    expect(await world.reconcile()).toBe('done')
    expect(world.kube.writes()).toEqual(['patch secrets db', 'update sealedsecrets/status db'])
    expect(Object.keys(secretOf(world.kube)?.data ?? {})).toEqual(['password', 'user'])
    expect(secretOf(world.kube)?.metadata.labels?.theirs).toBe('x')
    expect(world.notes).toMatchObject([
      { reason: 'DriftCorrected', note: 'Put back in the Secret: data.user, data.extra.' },
    ])
    expect(world.corrections).toEqual([[]])
  })

  test('of somebody else’s label costs two reads and a status that records the version', async () => {
    const world = await synced()
    await world.kube.mergePatch(SECRETS, ID, { metadata: { labels: { theirs: 'x' } } })
    world.watch()
    world.kube.calls = []
    await world.reconcile()
    expect(world.kube.calls.map(({ verb, resource }) => `${verb} ${resource}`)).toEqual([
      'list sealedsecrets',
      'get secrets',
      'update sealedsecrets/status',
    ])
    expect(world.notes).toEqual([])
  })

  test('of the whole Secret: it is made anew', async () => {
    const world = await synced()
    await world.kube.delete(SECRETS, ID)
    world.watch()
    expect(await world.reconcile()).toBe('done')
    expect(text(secretOf(world.kube)?.data?.password)).toBe('one')
    expect(world.notes.map(({ reason }) => reason)).toEqual(['SecretRecreated'])
  })

  test('of our label: the watch loses the Secret, and the label comes back', async () => {
    const world = await synced()
    await world.kube.mergePatch(SECRETS, ID, { metadata: { labels: { 'waxwing.dev/managed-by': null } } })
    world.watch()
    expect(await world.reconcile()).toBe('done')
    expect(secretOf(world.kube)?.metadata.labels).toEqual({ 'waxwing.dev/managed-by': 'waxwing' })
    world.watch()
    world.kube.calls = []
    await world.reconcile()
    expect(world.kube.calls).toEqual([])
  })
})

describe('keys', () => {
  test('that are missing stall an object until they come', async () => {
    const world = reconcilerWorld()
    world.kube.put(SEALED_SECRETS, await sealed({ password: 'one' }, { key: otherKey }))
    world.watch()
    expect(await world.reconcile()).toBe('done')
    expect(ready(world.kube)).toBe('False NoKey')
    expect(world.waiting()).toEqual(['shop/db'])
    world.keys = asKeys(ourKey, otherKey)
    world.watch()
    expect(await world.reconcile()).toBe('done')
    expect(ready(world.kube)).toBe('True Synced')
    expect(world.waiting()).toEqual([])
    expect(world.notes.map(({ reason }) => reason)).toEqual(['NoKey', 'Recovered'])
  })

  test('are not waited for by an object that is gone, or that no key can help', async () => {
    const world = reconcilerWorld()
    world.kube.put(SEALED_SECRETS, await sealed({ password: 'one' }, { key: otherKey }))
    world.watch()
    await world.reconcile()
    world.watch()
    await world.kube.delete(SEALED_SECRETS, ID)
    world.watch()
    await world.reconcile()
    expect(world.waiting()).toEqual([])
    const moved = await sealed({ password: 'one' }, { name: 'other', key: otherKey })
    moved.metadata.name = 'db'
    world.kube.put(SEALED_SECRETS, moved)
    world.watch()
    await world.reconcile()
    expect(ready(world.kube)).toBe('False Moved')
    expect(world.waiting()).toEqual([])
  })
})

describe('requests that fail', () => {
  test('are tried again, told in the status at the third time, and once', async () => {
    const world = reconcilerWorld()
    world.kube.put(SEALED_SECRETS, await sealed({ password: 'one' }))
    world.watch()
    world.kube.before = ({ verb, resource }) => {
      if (verb === 'create' && resource === 'secrets') throw apiError(422, 'Invalid')
    }
    for (let attempt = 1; attempt <= 5; attempt++) {
      expect(await world.reconcile('db', attempt)).toBe('again')
      world.watch()
    }
    expect(world.kube.writes().filter((write) => write.includes('status'))).toHaveLength(1)
    expect(ready(world.kube)).toBe('False SecretRefused')
    world.kube.before = () => undefined
    expect(await world.reconcile('db', 6)).toBe('done')
    expect(ready(world.kube)).toBe('True Synced')
    expect(world.notes.map(({ reason }) => reason)).toEqual(['SecretRefused', 'Recovered'])
  })

  test('by a race are looked at again at once, a few times', async () => {
    const world = await synced()
    await world.kube.mergePatch(SECRETS, ID, { data: { user: 'eA==' } })
    world.watch()
    let races = 2
    world.kube.before = ({ verb, resource }) => {
      if (verb !== 'patch' || resource !== 'secrets' || races-- <= 0) return
      world.kube.put(SECRETS, {
        ...world.kube.find(SECRETS, ID),
        metadata: { ...secretOf(world.kube)?.metadata, name: 'db' },
      })
    }
    expect(await world.reconcile()).toBe('done')
    expect(text(secretOf(world.kube)?.data?.user)).toBe('app')
    world.watch()
    races = 99
    await world.kube.mergePatch(SECRETS, ID, { data: { more: 'eA==' } })
    world.watch()
    expect(await world.reconcile()).toBe('again')
    expect(world.ended.at(-1)).toBe('contended')
  })

  test('for a status whose object was made anew change nothing', async () => {
    const world = reconcilerWorld()
    world.kube.put(SEALED_SECRETS, await sealed({ password: 'one' }))
    world.watch()
    world.kube.before = async ({ verb, resource }) => {
      if (verb !== 'create' || resource !== 'secrets') return
      world.kube.before = () => undefined
      await world.kube.delete(SEALED_SECRETS, ID)
      world.kube.put(SEALED_SECRETS, await sealed({ password: 'two' }))
    }
    expect(await world.reconcile()).toBe('done')
    expect(ready(world.kube)).toBeUndefined()
  })

  test('at the end are not told', async () => {
    const world = reconcilerWorld()
    world.kube.put(SEALED_SECRETS, await sealed({ password: 'one' }))
    world.watch()
    world.kube.before = () => {
      world.cut.abort()
      throw world.cut.signal.reason
    }
    expect(await world.reconcile('db', 3)).toBe('again')
    expect(world.log.lines.filter(({ level }) => level !== 'debug')).toEqual([])
  })
})

test("an object in the controller's own namespace is refused", async () => {
  const world = reconcilerWorld()
  world.kube.put(SEALED_SECRETS, await sealed({ a: 'b' }, { namespace: 'waxwing-system' }))
  const id = { namespace: 'waxwing-system', name: 'db' }
  world.watch('db', 'waxwing-system')
  const verdict = await world.reconcile('db', 1)
  expect(verdict).toBe('done')
  expect(world.kube.find(SECRETS, id)).toBeUndefined()
})

describe('a Secret of somebody else', () => {
  const foreign = (annotation: string, more: Partial<SecretObject> = {}): SecretObject => ({
    metadata: { ...ID, annotations: { [annotation]: 'true' }, labels: { theirs: 'x' } },
    type: 'Opaque',
    data: { own: 'eA==' },
    ...more,
  })
  const start = async (secret: SecretObject, annotations?: Record<string, string>) => {
    const world = reconcilerWorld()
    world.kube.put(SECRETS, secret)
    world.kube.put(SEALED_SECRETS, await sealed({ password: 'one' }, { annotations }))
    world.watch()
    expect(await world.reconcile()).toBe('done')
    world.watch()
    return world
  }
  const keys = (kube: FakeKube) => Object.keys(secretOf(kube)?.data ?? {}).sort()

  test('that asks for it is taken over, and told', async () => {
    const world = await start(foreign('waxwing.dev/managed'))
    expect(secretOf(world.kube)?.metadata.ownerReferences).toHaveLength(1)
    expect(keys(world.kube)).toEqual(['password'])
    expect(secretOf(world.kube)?.metadata.labels).toMatchObject({ theirs: 'x' })
    expect(ready(world.kube)).toBe('True Synced')
    expect(world.notes.map(({ reason }) => reason)).toEqual(['SecretAdopted'])
    expect(await world.reconcile()).toBe('done')
    expect(world.ended.at(-1)).toBe('settled')
  })

  test('that asks for it and is of another type becomes ours before it is replaced', async () => {
    const world = await start(foreign('waxwing.dev/managed', { type: 'example.com/x', immutable: true }))
    expect(world.kube.writes()).toEqual([
      'create secrets db',
      'patch secrets db',
      'delete secrets db',
      'create secrets db',
      'update sealedsecrets/status db',
    ])
    expect(secretOf(world.kube)).toMatchObject({ type: 'Opaque' })
  })

  test('that another controller owns is not taken over', async () => {
    const secret = foreign('waxwing.dev/managed')
    secret.metadata.ownerReferences = [{ apiVersion: 'v1', kind: 'X', name: 'x', uid: 'x', controller: true }]
    const world = reconcilerWorld()
    world.kube.put(SECRETS, secret)
    world.kube.put(SEALED_SECRETS, await sealed({ password: 'one' }))
    world.watch()
    expect(await world.reconcile()).toBe('again')
    expect(ready(world.kube)).toBe('False SecretNotOwned')
    expect(keys(world.kube)).toEqual(['own'])
  })

  test('that is open to our keys gets them and keeps the rest; ours go with the object, and no other', async () => {
    const world = await start(foreign('waxwing.dev/patch', { type: 'example.com/x' }))
    expect(world.kube.writes()).toEqual([
      'create secrets db',
      'patch sealedsecrets db',
      'patch secrets db',
      'update sealedsecrets/status db',
    ])
    expect(keys(world.kube)).toEqual(['own', 'password'])
    expect(secretOf(world.kube)).toMatchObject({ type: 'example.com/x' })
    expect(secretOf(world.kube)?.metadata.ownerReferences).toBeUndefined()
    expect(await world.reconcile()).toBe('done')
    expect(world.ended.at(-1)).toBe('settled')

    world.kube.put(SEALED_SECRETS, {
      ...(await sealed({ renamed: 'two' })),
      metadata: { ...world.kube.find(SEALED_SECRETS, ID)?.metadata, name: 'db' },
    })
    world.watch()
    expect(await world.reconcile()).toBe('done')
    expect(keys(world.kube)).toEqual(['own', 'renamed'])
    world.watch()

    // Its values open no more, which must not keep them there.
    world.keys = asKeys(otherKey)
    depart(world.kube)
    world.watch()
    expect(await world.reconcile()).toBe('done')
    expect(world.ended.at(-1)).toBe('released')
    expect(secretOf(world.kube)).toMatchObject({ data: { own: 'eA==' } })
    expect(secretOf(world.kube)?.metadata).toMatchObject({ labels: { theirs: 'x' } })
    expect(Object.keys(secretOf(world.kube)?.metadata.annotations ?? {})).toEqual(['waxwing.dev/patch'])
    expect(world.kube.find(SEALED_SECRETS, ID)?.metadata.finalizers).toBeUndefined()
  })

  test('that is gone, or refuses to be freed, does not keep the object', async () => {
    const gone = await start(foreign('waxwing.dev/patch'))
    await gone.kube.delete(SECRETS, ID)
    depart(gone.kube)
    gone.watch()
    expect(await gone.reconcile()).toBe('done')
    expect(gone.kube.find(SEALED_SECRETS, ID)?.metadata.finalizers).toBeUndefined()

    const refusing = await start(foreign('waxwing.dev/patch'))
    depart(refusing.kube)
    refusing.watch()
    refusing.kube.before = ({ verb, resource }) => {
      if (verb === 'patch' && resource === 'secrets') throw apiError(403, 'Forbidden')
    }
    expect(await refusing.reconcile('db', 1)).toBe('again')
    expect(await refusing.reconcile('db', 2)).toBe('again')
    expect(refusing.kube.find(SEALED_SECRETS, ID)?.metadata.finalizers).toHaveLength(1)
    expect(await refusing.reconcile('db', 3)).toBe('done')
    expect(refusing.ended.at(-1)).toBe('given-up')
    expect(refusing.kube.find(SEALED_SECRETS, ID)?.metadata.finalizers).toBeUndefined()
  })

  test('is left with its keys by a network that fails, for as long as it does', async () => {
    const world = await start(foreign('waxwing.dev/patch'))
    depart(world.kube)
    world.watch()
    world.kube.before = () => {
      throw new NetworkError('patch', 'ECONNRESET')
    }
    for (const attempt of [1, 2, 3, 9]) expect(await world.reconcile('db', attempt)).toBe('unanswered')
    expect(world.kube.find(SEALED_SECRETS, ID)?.metadata.finalizers).toHaveLength(1)
  })

  const depart = (kube: FakeKube) => {
    const object = kube.find<SealedObject>(SEALED_SECRETS, ID)
    if (object)
      kube.put(SEALED_SECRETS, {
        ...object,
        metadata: { ...object.metadata, deletionTimestamp: '2026-11-24T00:00:00Z' },
      })
  }
})

describe('annotations of the object', () => {
  test('keep the Secret without an owner reference, also later, and back', async () => {
    const world = await synced({ password: 'one' })
    const annotate = async (value: string | null) => {
      await world.kube.mergePatch(SEALED_SECRETS, ID, {
        metadata: { annotations: { 'waxwing.dev/skip-owner-reference': value } },
      })
      world.watch()
      expect(await world.reconcile()).toBe('done')
      world.watch()
      return secretOf(world.kube)?.metadata
    }
    const uid = secretOf(world.kube)?.metadata.uid
    expect(await annotate('true')).toMatchObject({
      uid,
      ownerReferences: [],
      annotations: { 'waxwing.dev/managed': 'true' },
    })
    expect(ready(world.kube)).toBe('True Synced')
    await world.reconcile()
    expect(world.ended.at(-1)).toBe('settled')
    expect((await annotate(null))?.ownerReferences).toHaveLength(1)
    expect(secretOf(world.kube)?.metadata.uid).toBe(uid)
  })

  test('let drift be, and nothing is read or written for it', async () => {
    const world = reconcilerWorld()
    world.kube.put(
      SEALED_SECRETS,
      await sealed({ a: '1' }, { annotations: { 'waxwing.dev/drift': 'ignore' } }),
    )
    world.watch()
    await world.reconcile()
    world.watch()
    await world.kube.mergePatch(SECRETS, ID, { data: { a: 'eA==' } })
    world.watch()
    world.kube.calls = []
    expect(await world.reconcile()).toBe('done')
    expect(world.kube.calls).toEqual([])
    await world.kube.delete(SECRETS, ID)
    world.watch()
    await world.reconcile()
    expect(text(secretOf(world.kube)?.data?.a)).toBe('1')
  })
})

describe('a fight', () => {
  test('is slowed down, without a request while it waits; a change of the object is not', async () => {
    const world = await synced({ a: '1' })
    const meddle = async () => {
      await world.kube.mergePatch(SECRETS, ID, { data: { a: 'eA==' } })
      world.watch()
      world.kube.calls = []
      const verdict = await world.reconcile()
      world.watch()
      return verdict
    }
    expect(await meddle()).toBe('done')
    expect(await meddle()).toBe('done')
    expect(await meddle()).toBe('done')
    expect(await meddle()).toEqual({ afterMs: 500 })
    expect(world.kube.calls).toEqual([])
    expect(text(secretOf(world.kube)?.data?.a)).toBe('x')
    world.clock = 500
    expect(await world.reconcile()).toBe('done')
    expect(text(secretOf(world.kube)?.data?.a)).toBe('1')
    world.watch()
    expect(await meddle()).toEqual({ afterMs: 1000 })
    world.kube.put(SEALED_SECRETS, await sealed({ a: '2' }))
    world.watch()
    expect(await world.reconcile()).toBe('done')
    expect(text(secretOf(world.kube)?.data?.a)).toBe('2')
  })
})
