import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { primitives as bun } from '../../shared/crypto/primitives/bun.ts'
import { primitives as native } from '../../shared/crypto/primitives/native.ts'
import { primitives as portable } from '../../shared/crypto/primitives/portable.ts'
import { fromHex, toHex } from '../support/hex.ts'
import { wycheproof } from '../support/vectors.ts'

const sets = [native, portable, ...('bun' in process.versions ? [bun] : [])]

describe.each(sets.map((primitives) => [primitives.name, primitives] as const))('%s', (_name, primitives) => {
  test('X25519 gives the published secrets, and nothing for low-order points', async () => {
    const cases = wycheproof<{ private: string; public: string; shared: string }>(
      'wycheproof_x25519_test.json',
    )
    expect(cases.length).toBe(518)
    for (const { private: secret, public: peer, shared, tcId } of cases) {
      const key = await primitives.x25519(fromHex(secret))
      const got = await key.agree(fromHex(peer))
      expect(got && toHex(got), `case ${tcId}`).toBe(/^0+$/.test(shared) ? undefined : shared)
    }
  })

  test('HKDF-SHA-256 gives the published output, and refuses too much of it', () => {
    const cases = wycheproof<{ ikm: string; salt: string; info: string; size: number; okm: string }>(
      'wycheproof_hkdf_sha256_test.json',
    )
    expect(cases.length).toBe(86)
    for (const { ikm, salt, info, size, okm, result, tcId } of cases) {
      const run = () => toHex(primitives.hkdf(fromHex(ikm), fromHex(salt))(fromHex(info), size))
      if (result === 'valid') expect(run(), `case ${tcId}`).toBe(okm)
      else expect(run, `case ${tcId}`).toThrow()
    }
  })

  test('HKDF-SHA-256 gives what noble gives, at every length of key, salt and info', () => {
    const bytes = (maxLength: number) => fc.uint8Array({ maxLength, size: 'max' })
    const input = fc.tuple(bytes(200), bytes(100), bytes(2000), fc.integer({ min: 1, max: 100 }))
    fc.assert(
      fc.property(input, ([ikm, salt, info, size]) => {
        const got = primitives.hkdf(ikm, salt)(info, size)
        expect(toHex(got)).toBe(toHex(portable.hkdf(ikm, salt)(info, size)))
      }),
      { examples: [[[new Uint8Array(65), new Uint8Array(64), new Uint8Array(961).fill(1), 33]]] },
    )
  })

  test('SHA-256, SHA3-256 and SHAKE256 of the empty string (FIPS 180-4 and 202 examples)', async () => {
    const empty = new Uint8Array()
    expect(toHex(primitives.sha256(empty))).toBe(
      'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    )
    expect(toHex(primitives.sha3(empty))).toBe(
      'a7ffc6f8bf1ed76651c14756a061d662f580ff4de43b49fa82d80a4b80f8434a',
    )
    expect(toHex(await primitives.shake256(empty, 32))).toBe(
      '46b9dd2b0ba88d13233b3feb743eeb243fcd52ea62b81b82b50c27646ed5762f',
    )
  })

  test('equal compares contents and lengths', () => {
    expect(primitives.equal(fromHex('0102'), fromHex('0102'))).toBe(true)
    expect(primitives.equal(fromHex('0102'), fromHex('0103'))).toBe(false)
    expect(primitives.equal(fromHex('0102'), fromHex('010200'))).toBe(false)
  })

  test('an X25519 public key is the secret times the base point (RFC 7748 §6.1)', async () => {
    const secret = fromHex('5b'.repeat(32))
    const base = fromHex(`09${'00'.repeat(31)}`)
    const key = await primitives.x25519(secret)
    expect(key.publicKey).toEqual(await key.agree(base))
  })
})
