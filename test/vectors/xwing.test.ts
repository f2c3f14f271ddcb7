import { ml_kem768 } from '@noble/post-quantum/ml-kem.js'
import { describe, expect, test } from 'vitest'
import { noble } from '../../shared/crypto/kem/noble.ts'
import type { MlKem } from '../../shared/crypto/kem/types.ts'
import { encapsulate, importSeed } from '../../shared/crypto/xwing.ts'
import { fromHex, toHex } from '../support/hex.ts'
import { providers } from '../support/providers.ts'
import { vectors } from '../support/vectors.ts'

const cases = vectors<{ seed: string; eseed: string; pk: string; ct: string; ss: string }[]>('xwing.json')

/** The draft's EncapsulateDerand: ML-KEM's randomness comes from the vector. */
const derandomised = (m: Uint8Array): MlKem => ({
  ...noble,
  async encapsulate(publicKey) {
    const { cipherText, sharedSecret } = ml_kem768.encapsulate(publicKey, m)
    return { ciphertext: cipherText, sharedSecret }
  },
})

test('encapsulation with the published randomness', async () => {
  expect(cases.length).toBe(3)
  for (const { eseed, pk, ct, ss } of cases) {
    const random = fromHex(eseed)
    const made = await encapsulate(derandomised(random.slice(0, 32)), fromHex(pk), () => random.slice(32))
    expect(made && toHex(made.ciphertext)).toBe(ct)
    expect(made && toHex(made.sharedSecret)).toBe(ss)
  }
})

describe.each(providers.map((kem) => [kem.name, kem] as const))('X-Wing over %s', (_name, kem) => {
  test('the published keys and secrets', async () => {
    for (const { seed, pk, ct, ss } of cases) {
      const key = await importSeed(kem, fromHex(seed))
      expect(toHex(key.publicKey)).toBe(pk)
      const opened = await key.decapsulate(fromHex(ct))
      expect(opened && toHex(opened)).toBe(ss)
    }
  })

  test('a public key with a low-order X25519 half, a modulus overflow or a wrong length is refused', async () => {
    const valid = fromHex(cases[0]?.pk ?? '')
    const random = (size: number) => new Uint8Array(size).fill(7)
    const lowOrder = valid.slice().fill(0, 1184)
    const overflow = valid.slice().fill(0xff, 0, 3)
    for (const key of [lowOrder, overflow, valid.slice(1), new Uint8Array()])
      expect(await encapsulate(kem, key, random)).toBeUndefined()
    expect(await encapsulate(kem, valid, random)).toBeDefined()
  })

  test('a ciphertext with a low-order X25519 share gives nothing; any other wrong one gives another secret', async () => {
    const { seed, ct, ss } = cases[0] ?? { seed: '', ct: '', ss: '' }
    const key = await importSeed(kem, fromHex(seed))
    const share = fromHex(ct).fill(0, 1088)
    expect(await key.decapsulate(share)).toBeUndefined()
    const flipped = fromHex(ct)
    flipped[5] = (flipped[5] ?? 0) ^ 1
    const other = await key.decapsulate(flipped)
    expect(other && toHex(other)).not.toBe(ss)
  })
})
