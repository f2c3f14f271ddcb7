import * as noble from '@noble/hashes/sha3.js'
import { expect, test } from 'vitest'
import * as ours from '../../../../shared/crypto/kem/node-sha3.ts'

const bytes = (length: number, first = 0) => Uint8Array.from({ length }, (_, i) => (first + i) & 255)

test.each([
  ['sha3_256', ours.sha3_256, noble.sha3_256],
  ['sha3_512', ours.sha3_512, noble.sha3_512],
])("%s is noble's, whole and in parts", (_name, hash, other) => {
  for (const length of [0, 33, 1184]) expect(hash(bytes(length))).toEqual(other(bytes(length)))
  const [a, b] = [bytes(32), bytes(32, 7)]
  expect(hash.create().update(a).update(b).digest()).toEqual(other.create().update(a).update(b).digest())
})

test.each([32, 128, 192])("shake256 of %i bytes is noble's", (dkLen) => {
  const [key, nonce] = [bytes(32), Uint8Array.of(3)]
  expect(ours.shake256.create({ dkLen }).update(key).update(nonce).digest()).toEqual(
    noble.shake256.create({ dkLen }).update(key).update(nonce).digest(),
  )
})

test("shake128 read block by block is noble's, far beyond what is squeezed at first", () => {
  const seed = bytes(34)
  const [one, other] = [ours.shake128.create({}).update(seed), noble.shake128.create({}).update(seed)]
  seed.fill(0) // as noble's own caller does between two samples
  for (let block = 0; block < 40; block += 1)
    expect(one.xofInto(new Uint8Array(168))).toEqual(other.xofInto(new Uint8Array(168)))
})
