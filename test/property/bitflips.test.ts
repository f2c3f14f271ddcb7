import { describe, expect, test } from 'vitest'
import { fromBase64, toBase64 } from '../../shared/crypto/base64.ts'
import { SealError } from '../../shared/errors.ts'
import { readSealedSecret } from '../../shared/format/schema.ts'
import { unseal } from '../../shared/format/unseal.ts'
import { sealedSecretObject } from '../../shared/format/write.ts'
import { asKeys, sealObject, seededRandom, testKeys } from '../support/objects.ts'
import { providers } from '../support/providers.ts'
import { remembering } from '../support/remembering.ts'

type Json = { [key: string]: Json } | Json[] | string

/** Every string below `node`, with how to replace it in a copy of the whole. */
function leaves(node: Json, path: (string | number)[] = []): { path: (string | number)[]; text: string }[] {
  if (typeof node === 'string') return [{ path, text: node }]
  const entries: [string | number, Json][] = Array.isArray(node) ? [...node.entries()] : Object.entries(node)
  return entries.flatMap(([key, value]) => leaves(value, [...path, key]))
}

function replaced(node: Json, [step, ...rest]: (string | number)[], text: string): Json {
  if (step === undefined) return text
  const copy = (Array.isArray(node) ? [...node] : { ...(node as object) }) as Record<string | number, Json>
  const below = copy[step]
  if (below !== undefined) copy[step] = replaced(below, rest, text)
  return copy as Json
}

/** All texts that differ from `text` in one bit: of a character, and of what it encodes. */
function* flipped(text: string, everyBit: boolean): Generator<string> {
  // Of a long text each byte that it encodes is flipped below; of its characters every fourth will do.
  for (let i = 0; i < text.length; i += everyBit ? 1 : 4)
    for (const bit of everyBit ? [0, 1, 2, 3, 4, 5, 6, 7] : [i % 7])
      yield text.slice(0, i) + String.fromCharCode(text.charCodeAt(i) ^ (1 << bit)) + text.slice(i + 1)
  const dot = text.indexOf('.') + 1
  const bytes = fromBase64(text.slice(dot))
  if (!bytes || bytes.length < 32) return
  for (let i = 0; i < bytes.length; i += 1)
    for (const bit of everyBit ? [0, 1, 2, 3, 4, 5, 6, 7] : [i % 8]) {
      const copy = bytes.slice()
      copy[i] = (copy[i] ?? 0) ^ (1 << bit)
      yield text.slice(0, dot) + toBase64(copy)
    }
}

describe.each(providers.map((kem) => [kem.name, remembering(kem)] as const))(
  'one bit flipped, over %s',
  (_name, kem) => {
    test('anywhere in the spec or in the bound metadata is refused, or hit only another recipient', {
      timeout: 120_000,
    }, async () => {
      const [own, other] = await testKeys(kem, 2)
      if (!own || !other) throw new Error('no keys')
      const values = new Map([
        ['password', Buffer.from('correct horse')],
        ['user', Buffer.from('')],
      ])
      const sealed = await sealObject(kem, [own, other], values, seededRandom(99))
      const object = JSON.parse(JSON.stringify(sealedSecretObject(sealed))) as Json
      const original = await unseal(sealed, asKeys(own))
      const counts = { refused: 0, others: 0 }
      for (const { path, text } of leaves(object)) {
        const at = path.join('.')
        if (at === 'apiVersion' || at === 'kind') continue
        const isOthers = at.startsWith('spec.envelopes.0.recipients.1.')
        for (const changed of flipped(text, !at.endsWith('.kem'))) {
          const outcome = await open(replaced(object, path, changed))
          if (outcome instanceof SealError) counts.refused += 1
          else {
            expect(isOthers, `${at} was altered and still opened`).toBe(true)
            expect(outcome).toEqual(original)
            counts.others += 1
          }
        }
      }
      // The counts show that both ways were taken, and for how many flips.
      expect(counts.refused).toBeGreaterThan(5_000)
      expect(counts.others).toBeGreaterThan(500)

      async function open(data: unknown) {
        try {
          return await unseal(readSealedSecret(data), asKeys(own as NonNullable<typeof own>))
        } catch (error) {
          if (error instanceof SealError) return error
          throw error
        }
      }
    })

    test('a data key renamed by one bit is refused', async () => {
      const [own] = await testKeys(kem, 1)
      if (!own) throw new Error('no keys')
      const sealed = await sealObject(kem, [own], new Map([['abcdefgh', Buffer.from('x')]]), seededRandom(7))
      const [value] = sealed.data.values()
      if (!value) throw new Error('no value')
      for (let i = 0; i < 8 * 7; i += 1) {
        const at = Math.floor(i / 7)
        const name = 'abcdefgh'
        const renamed =
          name.slice(0, at) + String.fromCharCode(name.charCodeAt(at) ^ (1 << (i % 7))) + name.slice(at + 1)
        await expect(unseal({ ...sealed, data: new Map([[renamed, value]]) }, asKeys(own))).rejects.toThrow(
          SealError,
        )
      }
    })
  },
)
