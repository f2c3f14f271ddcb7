import { describe, expect, test } from 'vitest'
import type { Entry } from '../../../../controller/audit/entry.ts'
import { NotLeading } from '../../../../controller/leader/term.ts'
import type { SealedObject } from '../../../../controller/objects.ts'
import { ConfigError, NetworkError } from '../../../../shared/kube/errors.ts'
import { SEALED_SECRETS, SECRETS } from '../../../../shared/kube/resources.ts'
import { lineFor } from '../../../support/audit-lines.ts'
import { canary, expectNoCanary } from '../../../support/canary.ts'
import { apiError } from '../fake-kube.ts'
import { otherKey, ourKey, reconcilerWorld, sealed } from '../world.ts'

type World = ReturnType<typeof reconcilerWorld>

const value = canary()

async function withObject(object?: SealedObject): Promise<World> {
  const world = reconcilerWorld()
  world.kube.put(SEALED_SECRETS, object ?? (await sealed({ user: 'u', password: value.bytes })))
  world.watch()
  return world
}

/** The entries since the last call, each checked against the schema. */
function taken(world: World): Entry[] {
  const entries = world.entries.splice(0)
  for (const entry of entries) lineFor(entry)
  expectNoCanary(JSON.stringify(entries), 'the entries', [value])
  return entries
}

async function settled(world: World): Promise<void> {
  for (let i = 0; i < 3; i++) {
    world.watch()
    await world.reconcile()
  }
}

const id = { namespace: 'shop', name: 'db' }

describe('a reconcile', () => {
  test('that makes a Secret: opened, written', async () => {
    const world = await withObject()
    await world.reconcile()
    const { uid } = world.kube.find(SEALED_SECRETS, id)?.metadata ?? {}
    const secret = world.kube.find(SECRETS, id)?.metadata
    const names = { keyIds: [ourKey.id], dataKeys: ['password', 'user'] }
    const object = { kind: 'SealedSecret', namespace: 'shop', name: 'db', uid, generation: 1 }
    expect(taken(world)).toEqual([
      { type: 'unseal', object, result: 'done', ...names },
      {
        type: 'write',
        verb: 'create',
        object,
        row: 'absent',
        result: 'done',
        secret: { uid: secret?.uid, resourceVersion: secret?.resourceVersion },
        ...names,
        fields: [],
      },
    ])
  })

  test('that changes nothing writes no line, also where it opens the object', async () => {
    const world = await withObject()
    await world.reconcile()
    await settled(world)
    taken(world)
    await settled(world)
    expect(taken(world)).toEqual([])
    // Not as the status says, so that it is opened, and then right.
    const foreign = await withObject()
    foreign.kube.put(SECRETS, { metadata: { ...id } })
    await foreign.reconcile()
    await settled(foreign)
    taken(foreign)
    const opens = foreign.kube.calls.length
    await settled(foreign)
    expect(foreign.kube.calls.length).toBeGreaterThan(opens)
    expect(taken(foreign)).toEqual([])
  })

  test('that puts back what somebody changed names him, and what it was', async () => {
    const world = await withObject()
    await world.reconcile()
    await settled(world)
    taken(world)
    const secret = world.kube.find(SECRETS, id) as never as { data: Record<string, string> }
    world.kube.put(SECRETS, {
      ...secret,
      data: { ...secret.data, user: 'eA==' },
      metadata: {
        ...world.kube.find(SECRETS, id)?.metadata,
        ...id,
        managedFields: [{ manager: 'kubectl-edit', fieldsV1: { 'f:data': { 'f:user': {} } } }],
      },
    } as never)
    await settled(world)
    expect(taken(world)).toMatchObject([
      { type: 'unseal', result: 'done' },
      {
        type: 'write',
        verb: 'patch',
        row: 'differs',
        drift: true,
        actor: { fieldManagers: ['kubectl-edit'] },
        dataKeys: ['user'],
        fields: [],
      },
    ])
  })

  test('that makes a deleted Secret again knows of nobody', async () => {
    const world = await withObject()
    await world.reconcile()
    await settled(world)
    taken(world)
    await world.kube.delete(SECRETS, id)
    await settled(world)
    const [, write] = taken(world)
    expect(write).toMatchObject({ type: 'write', verb: 'create', row: 'absent', drift: true })
    expect(write).not.toHaveProperty('actor')
  })

  test('without a key names those that it would take', async () => {
    const world = await withObject(await sealed({ a: value.bytes }, { key: otherKey }))
    await world.reconcile()
    await settled(world)
    expect(taken(world)).toMatchObject([
      { type: 'unseal', result: 'refused', reason: 'no-key', keyIds: [otherKey.id], dataKeys: ['a'] },
    ])
  })

  test.each([
    ['says no', apiError(403, 'Forbidden'), 'failed', 'Forbidden'],
    ['says no in odd words', apiError(422, value.text), 'failed', '422'],
    ['is overloaded', apiError(429, 'TooManyRequests'), 'failed', 'TooManyRequests'],
    ['has a fault', apiError(500, 'InternalError'), 'unknown', 'InternalError'],
    ['goes away', new NetworkError('create', 'ECONNRESET'), 'unknown', 'ECONNRESET'],
    ['cannot be asked', new ConfigError('no credentials'), 'failed', 'NoCredentials'],
    ['is another leader’s', new NotLeading(), 'unknown', 'Aborted'],
  ])('whose server %s', async (_how, error, result, reason) => {
    const world = await withObject()
    world.kube.before = ({ verb }) => {
      if (verb === 'create') throw error
    }
    await world.reconcile()
    const entries = taken(world)
    expect(entries).toMatchObject([
      { type: 'unseal', result: 'done' },
      { type: 'write', result, reason },
    ])
    expect(entries[1]).not.toHaveProperty('secret')
  })

  test('whose answer is lost says so; the Secret that is found then is no second write', async () => {
    const world = await withObject()
    world.kube.before = async ({ verb, body }) => {
      if (verb !== 'create') return
      world.kube.before = () => undefined
      world.kube.put(SECRETS, body as never)
      throw new NetworkError('create', 'ECONNRESET')
    }
    await world.reconcile('db', 1)
    await world.reconcile('db', 2)
    expect(taken(world).map((entry) => `${entry.type} ${'result' in entry && entry.result}`)).toEqual([
      'unseal done',
      'write unknown',
      'unseal done',
    ])
  })

  test('that lost a race opens once, and tells of the write that counts', async () => {
    const world = await withObject()
    await world.reconcile()
    await settled(world)
    taken(world)
    world.kube.put(SEALED_SECRETS, await sealed({ user: 'other' }))
    world.watch()
    world.kube.before = ({ verb, resource }) => {
      if (verb !== 'patch' || resource !== 'secrets') return
      world.kube.before = () => undefined
      throw apiError(409, 'Conflict')
    }
    await world.reconcile()
    expect(taken(world).map(({ type }) => type)).toEqual(['unseal', 'write'])
  })
})
