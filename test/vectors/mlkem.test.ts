import { ml_kem768 } from '@noble/post-quantum/ml-kem.js'
import { describe, expect, test } from 'vitest'
import { chooseKem } from '../../shared/crypto/kem/choose.ts'
import { CIPHERTEXT_BYTES } from '../../shared/crypto/kem/types.ts'
import { fromHex, toHex } from '../support/hex.ts'
import { expectedProviders, providers } from '../support/providers.ts'
import { wycheproof } from '../support/vectors.ts'

test('this runtime has the providers that it is known for, and the fastest is chosen', async () => {
  const names = providers.map(({ name }) => name)
  expect(expectedProviders.filter((name) => !names.includes(name as (typeof names)[number]))).toEqual([])
  expect((await chooseKem()).name).toBe(names[0])
})

describe.each(providers.map((kem) => [kem.name, kem] as const))('ML-KEM-768 by %s', (_name, kem) => {
  test('keys from seeds are the published ones', async () => {
    for (const { seed, ek, tcId } of wycheproof<{ seed: string; ek: string }>(
      'wycheproof_mlkem_768_keygen_seed_test.json',
    ))
      expect(toHex((await kem.importSeed(fromHex(seed))).publicKey), `case ${tcId}`).toBe(ek)
  })

  test('decapsulation gives the published secrets', async () => {
    const cases = wycheproof<{ seed: string; c: string; K: string }>('wycheproof_mlkem_768_test.json')
    expect(cases.length).toBe(193)
    for (const { seed, c, K, result, tcId } of cases) {
      if (result === 'valid') {
        const key = await kem.importSeed(fromHex(seed))
        expect(toHex(await key.decapsulate(fromHex(c))), `case ${tcId}`).toBe(K)
      } else {
        // Wrong lengths: of the seed or of the ciphertext. The format's schema refuses both before a provider sees them.
        const open = async () => (await kem.importSeed(fromHex(seed))).decapsulate(fromHex(c))
        expect(c.length !== 2 * CIPHERTEXT_BYTES || seed.length !== 128, `case ${tcId}`).toBe(true)
        await expect(open(), `case ${tcId}`).rejects.toThrow()
      }
    }
  })

  test('encapsulation refuses exactly the invalid keys', async () => {
    const cases = wycheproof<{ ek: string }>('wycheproof_mlkem_768_encaps_test.json')
    expect(cases.length).toBe(265)
    for (const { ek, result, tcId } of cases)
      expect((await kem.encapsulate(fromHex(ek))) !== undefined, `case ${tcId}`).toBe(result === 'valid')
  })

  test('agrees with every other provider in both directions', async () => {
    const seed = fromHex('5a'.repeat(64))
    for (const other of providers) {
      const theirs = await other.importSeed(seed)
      const made = await kem.encapsulate(theirs.publicKey)
      expect(made && (await theirs.decapsulate(made.ciphertext))).toEqual(made?.sharedSecret)
    }
  })
})

describe('noble, where randomness and expanded keys can be given', () => {
  test('encapsulation with published randomness gives the published ciphertexts', () => {
    const cases = wycheproof<{ ek: string; m: string; c: string; K: string }>(
      'wycheproof_mlkem_768_encaps_test.json',
    )
    for (const { ek, m, c, K, tcId } of cases.filter(({ result }) => result === 'valid')) {
      const { cipherText, sharedSecret } = ml_kem768.encapsulate(fromHex(ek), fromHex(m))
      expect(toHex(cipherText), `case ${tcId}`).toBe(c)
      expect(toHex(sharedSecret), `case ${tcId}`).toBe(K)
    }
  })

  test('expanded private keys: the valid open, the invalid are refused', () => {
    const cases = wycheproof<{ dk: string; c: string; K?: string }>(
      'wycheproof_mlkem_768_semi_expanded_decaps_test.json',
    )
    expect(cases.length).toBe(9)
    for (const { dk, c, K, result, tcId } of cases) {
      const open = () => toHex(ml_kem768.decapsulate(fromHex(c), fromHex(dk)))
      if (result === 'valid') expect(open(), `case ${tcId}`).toBe(K)
      else expect(open, `case ${tcId}`).toThrow()
    }
  })
})
