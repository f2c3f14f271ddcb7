import { describe, expect, test } from 'vitest'
import { SEALED_AT, type SealedSecret } from '../../../../../shared/format/sealed-secret.ts'
import { unseal } from '../../../../../shared/format/unseal.ts'
import { changesBetween } from '../../../../../shared/ops/edit/changes.ts'
import { keysOfIds, recipientIds } from '../../../../../shared/ops/edit/recipients.ts'
import { renameValue, setValues, unsetValues } from '../../../../../shared/ops/edit/values.ts'
import { seededRandom } from '../../../../support/objects.ts'
import { keysOf, NOW, prod, recovery } from '../streams.ts'
import '../../../../support/throw-with-code.ts'
import { kem, sealedOf } from './files.ts'

const object = await sealedOf({ user: 'u', password: 'p' })
const means = (seed = 9) => ({ kem, random: seededRandom(seed), now: NOW })
const bytes = (text: string) => new Uint8Array(Buffer.from(text))
const opened = async (sealed: SealedSecret) =>
  Object.fromEntries(
    [...(await unseal(sealed, keysOf(prod)))].map(([key, value]) => [key, Buffer.from(value).toString()]),
  )
const set = (sealed: SealedSecret, values: Record<string, string>, seed?: number) =>
  setValues(
    sealed,
    new Map(Object.entries(values).map(([key, text]) => [key, bytes(text)])),
    [prod.key],
    means(seed),
  )

describe('set', () => {
  test('one further envelope; what is not named is the very same', async () => {
    const after = await set(object, { token: 't' })
    expect(await opened(after)).toEqual({ user: 'u', password: 'p', token: 't' })
    expect(after.envelopes.slice(0, 1)).toEqual(object.envelopes)
    expect(after.envelopes).toHaveLength(2)
    expect(after.data.get('user')).toBe(object.data.get('user'))
    expect(after.annotations.get(SEALED_AT)).toBe('{"token":"2026-11-24T12:00:00Z"}')
    expect(changesBetween(object, after)).toMatchObject({
      added: ['token'],
      replaced: [],
      removed: [],
      goneEnvelopes: [],
    })
  })

  test('a replaced value keeps its place, and an envelope left without values goes', async () => {
    const some = await set(object, { user: 'x' })
    expect([...some.data.keys()]).toEqual(['user', 'password'])
    expect(some.envelopes).toHaveLength(2)
    const all = await set(some, { user: 'y', password: '' }, 11)
    expect(all.envelopes).toHaveLength(1)
    expect(await opened(all)).toEqual({ user: 'y', password: '' })
    expect(changesBetween(some, all).goneEnvelopes).toHaveLength(2)
  })

  test('others keep their time', async () => {
    const dated = { ...object, annotations: new Map([[SEALED_AT, '{"user":"2020-01-01T00:00:00Z"}']]) }
    expect((await set(dated, { password: 'x' })).annotations.get(SEALED_AT)).toBe(
      '{"user":"2020-01-01T00:00:00Z","password":"2026-11-24T12:00:00Z"}',
    )
    const broken = { ...object, annotations: new Map([[SEALED_AT, '{']]) }
    expect((await set(broken, { user: 'x' })).annotations.get(SEALED_AT)).toBe(
      '{"user":"2026-11-24T12:00:00Z"}',
    )
  })

  test('no name that Kubernetes refuses', async () => {
    await expect(set(object, { 'a b': '' })).rejects.toThrowWithCode('data-key')
    await expect(set(object, { '..': '' })).rejects.toThrowWithCode('data-key')
  })

  test('64 envelopes and no more', async () => {
    let many = object
    for (let i = 0; i < 63; i += 1) many = await set(many, { [`k${i}`]: '' }, i + 20)
    expect(many.envelopes).toHaveLength(64)
    await expect(set(many, { one: 'more' }, 99)).rejects.toThrowWithCode('too-large')
  })
})

describe('unset', () => {
  test('the value, its time, and the envelope with its last', async () => {
    const dated = await set(object, { token: 't' })
    const after = unsetValues(dated, ['token'])
    expect(after.envelopes).toEqual(object.envelopes)
    expect(after.annotations.size).toBe(0)
    expect(unsetValues(after, ['user', 'password'])).toMatchObject({ envelopes: [], data: new Map() })
  })

  test('not what is not there', () => {
    expect(() => unsetValues(object, ['user', 'usr'])).toThrowWithCode('value-missing')
  })
})

describe('rename', () => {
  const rename = (from: string, to: string, sealed = object) =>
    renameValue(sealed, { from, to, value: bytes('u') }, [prod.key], means())

  test('the same place, value and age', async () => {
    const dated = { ...object, annotations: new Map([[SEALED_AT, '{"user":"2020-01-01T00:00:00Z"}']]) }
    const after = await rename('user', 'username', dated)
    expect([...after.data.keys()]).toEqual(['username', 'password'])
    expect(await opened(after)).toEqual({ username: 'u', password: 'p' })
    expect(after.annotations.get(SEALED_AT)).toBe('{"username":"2020-01-01T00:00:00Z"}')
    expect((await rename('user', 'username')).annotations.size).toBe(0)
  })

  test('not from nowhere, nor over another', async () => {
    await expect(rename('usr', 'x')).rejects.toThrowWithCode('value-missing')
    await expect(rename('user', 'password')).rejects.toThrowWithCode('value-exists')
  })
})

describe('for whom', () => {
  const envelope = object.envelopes[0]
  const mixed = {
    ...object,
    envelopes: [
      ...object.envelopes,
      ...(envelope
        ? [{ ...envelope, id: 'other234', recipients: [{ key: 'wxother', kem: bytes(''), wrap: bytes('') }] }]
        : []),
    ],
  }

  test('the recipients of all envelopes; where they differ, of the one that is named', () => {
    expect(recipientIds(object)).toEqual([prod.key.id])
    expect(recipientIds({ ...object, envelopes: [] })).toBeUndefined()
    expect(() => recipientIds(mixed)).toThrowWithCode('recipient-sets', ['spec', 'envelopes'])
    expect(recipientIds(mixed, 'other')).toEqual(['wxother'])
    expect(recipientIds(mixed, envelope?.id)).toEqual([prod.key.id])
    expect(() => recipientIds(mixed, 'nowhere')).toThrowWithCode('recipient-sets')
  })

  test('every key must be at hand', () => {
    expect(keysOfIds([prod.key.id], [recovery.key, prod.key])).toEqual([prod.key])
    expect(() => keysOfIds([recovery.key.id, prod.key.id, 'wxno'], [prod.key])).toThrow(
      `no public key at hand for ${recovery.key.id}, wxno`,
    )
  })
})
