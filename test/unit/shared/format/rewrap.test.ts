import { describe, expect, test } from 'vitest'
import { chooseKem } from '../../../../shared/crypto/kem/choose.ts'
import { rewrap } from '../../../../shared/format/rewrap.ts'
import type { SealedSecret } from '../../../../shared/format/sealed-secret.ts'
import { unseal } from '../../../../shared/format/unseal.ts'
import type { PrivateKey } from '../../../../shared/keys/seed.ts'
import { asKeys, sealObject, seededRandom, testKeys } from '../../../support/objects.ts'
import '../../../support/throw-with-code.ts'

const kem = await chooseKem()
const [old, older, newest, recovery] = (await testKeys(kem, 4)) as [
  PrivateKey,
  PrivateKey,
  PrivateKey,
  PrivateKey,
]
const target = { id: newest.id, publicKey: newest.key.publicKey }
const own = asKeys(old, older, newest)
const means = { kem, random: seededRandom(99) }
const sealFor = (...keys: PrivateKey[]) =>
  sealObject(kem, keys, new Map([['a', Buffer.from('1')]]), seededRandom(7))
const keysIn = ({ envelopes }: SealedSecret) =>
  envelopes.map(({ recipients }) => recipients.map(({ key }) => key))
const wrapsOf = ({ envelopes }: SealedSecret) => envelopes[0]?.recipients ?? []

describe('rewrap', () => {
  test("puts the newest key in the place of the holder's first and leaves all else as it is", async () => {
    const before = await sealFor(recovery, old, older)
    const after = await rewrap(before, own, target, means)
    expect(keysIn(after)).toEqual([[recovery.id, newest.id]])
    expect(wrapsOf(after)[0]).toBe(wrapsOf(before)[0])
    expect(after.data).toBe(before.data)
    expect({ ...after.envelopes[0], recipients: [] }).toEqual({ ...before.envelopes[0], recipients: [] })
    for (const key of [newest, recovery])
      expect(await unseal(after, asKeys(key))).toEqual(await unseal(before, own))
    await expect(unseal(after, asKeys(old, older))).rejects.toThrowWithCode('no-key')
  })

  test('gives the very same object where nothing is to be done', async () => {
    const before = await sealFor(recovery, newest)
    expect(await rewrap(before, own, target, means)).toBe(before)
  })

  test('drops an old wrap beside a good new one, and keeps that', async () => {
    const before = await sealFor(newest, old)
    const after = await rewrap(before, own, target, means)
    expect(keysIn(after)).toEqual([[newest.id]])
    expect(wrapsOf(after)[0]).toEqual(wrapsOf(before)[0])
  })

  test.each([
    ['junk', own],
    ['of a key that is not here', asKeys(old)],
  ])('never relies on a new wrap that may be %s', async (_what, keys) => {
    const before = await sealFor(old, newest)
    const [first, second] = wrapsOf(before)
    if (!first || !second) throw new Error('two wraps')
    const junk = { ...second, wrap: new Uint8Array(48) }
    const broken = {
      ...before,
      envelopes: before.envelopes.map((one) => ({ ...one, recipients: [first, junk] })),
    }
    const after = await rewrap(broken, keys, target, means)
    expect(keysIn(after)).toEqual([[newest.id]])
    expect(await unseal(after, asKeys(newest))).toEqual(await unseal(before, asKeys(old)))
  })

  test('opens everything first', async () => {
    const before = await sealFor(old)
    const moved = { ...before, name: 'other' }
    await expect(rewrap(moved, own, target, means)).rejects.toThrowWithCode('moved')
    await expect(rewrap(before, asKeys(recovery), target, means)).rejects.toThrowWithCode('no-key')
    // What claims to be bound here and is not.
    const { binding } = (
      await sealObject(kem, [old], new Map([['a', Buffer.from('1')]]), seededRandom(8), { name: 'other' })
    ).envelopes[0] ?? { binding: '' }
    const copied = { ...moved, envelopes: before.envelopes.map((one) => ({ ...one, binding })) }
    await expect(rewrap(copied, own, target, means)).rejects.toThrowWithCode('wrong-envelope')
    const data = new Map(
      [...before.data].map(([key, value]) => [
        key,
        { ...value, sealed: value.sealed.map((b, i) => (i === 30 ? b ^ 1 : b)) },
      ]),
    )
    await expect(rewrap({ ...before, data }, own, target, means)).rejects.toThrowWithCode('tampered')
  })

  test('refuses a target that is no key', async () => {
    const bad = { id: newest.id, publicKey: new Uint8Array(1216).fill(255) }
    await expect(rewrap(await sealFor(old), own, bad, means)).rejects.toThrowWithCode('key-malformed')
  })

  test('of an object without values is nothing', async () => {
    const empty = { ...(await sealFor(old)), envelopes: [], data: new Map() }
    expect(await rewrap(empty, own, target, means)).toBe(empty)
  })
})
