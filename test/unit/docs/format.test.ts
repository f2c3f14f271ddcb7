import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { primitives } from '#primitives'
import { fromBase64 } from '../../../shared/crypto/base64.ts'
import { bindingText, bound } from '../../../shared/crypto/bound.ts'
import { openBox } from '../../../shared/crypto/box.ts'
import { enc } from '../../../shared/crypto/bytes.ts'
import { deriver } from '../../../shared/crypto/derive.ts'
import { commit, envelopeId, SUITE } from '../../../shared/crypto/envelope.ts'
import { noble } from '../../../shared/crypto/kem/noble.ts'
import { paddedLength } from '../../../shared/crypto/padding.ts'
import { toPlain } from '../../../shared/format/plain.ts'
import { readSealedSecret } from '../../../shared/format/schema.ts'
import { parseYaml } from '../../../shared/format/yaml.ts'
import { openSeed } from '../../../shared/keys/seed.ts'
import { toHex } from '../../support/hex.ts'
import { vectors } from '../../support/vectors.ts'

const page = readFileSync(join(import.meta.dirname, '../../../docs/format.md'), 'utf8')

interface Whole {
  keys: { name: string; seed: string }[]
  vectors: { object: string }[]
}

function firstCase() {
  const { keys, vectors: cases } = vectors<Whole>('waxwing-v1.json')
  const seed = fromBase64(keys[0]?.seed ?? '')
  const root = parseYaml(cases[0]?.object ?? '')
  const sealed = readSealedSecret(root && toPlain(root).data)
  const [envelope] = sealed.envelopes
  const [recipient] = envelope?.recipients ?? []
  const value = sealed.data.get('user')?.sealed
  if (!seed || !envelope || !recipient || !value) throw new Error('not the vector of the page')
  return { seed, envelope, recipient, value }
}

test('the worked example of docs/format.md is what its formulas give', async () => {
  const { seed, envelope, recipient, value } = firstCase()
  const target = bound('strict', 'shop', 'db')
  const { id, key } = await openSeed(noble, seed, 'prod')
  const ss = (await key.decapsulate(recipient.kem)) ?? new Uint8Array()
  const kek = deriver(ss)(enc('waxwing.dev/v1 wrap', id, envelope.commitment))
  const dek = openBox(kek, new Uint8Array(24), recipient.wrap) ?? new Uint8Array()
  const vk = deriver(dek)(enc('waxwing.dev/v1 value', 'strict', 'shop', 'db', 'user'))
  const padded = openBox(vk, value.slice(0, 24), value.slice(24)) ?? new Uint8Array()
  const commitment = deriver(dek)(enc('waxwing.dev/v1 commit', SUITE, 'strict', 'shop', 'db'))
  expect(commitment).toEqual(commit(dek, target))

  const rows = {
    seed: toHex(seed),
    'SHA-256(publicKey)': toHex(primitives.sha256(key.publicKey)),
    'key id': id,
    'binding input, enc(…)': toHex(enc('waxwing.dev/v1 binding', 'strict', 'shop', 'db')),
    binding: bindingText(target),
    ss: toHex(ss),
    KEK: toHex(kek),
    wrap: toHex(recipient.wrap),
    DEK: toHex(dek),
    commitment: toHex(commitment),
    'envelope id': envelopeId(commitment),
    'VK of `user`': toHex(vk),
    'pad(value)': toHex(padded),
    nonce: toHex(value.slice(0, 24)),
    box: toHex(value.slice(24)),
  }
  const [, example = ''] = page.split('## A worked example')
  const written = [...example.matchAll(/^\| (.+?) \| `(.+?)` \|$/gm)].map(([, step, text]) => [step, text])
  expect(Object.fromEntries(written)).toEqual(rows)
})

test("the page's padded lengths are the rule's", () => {
  const stated = [...page.matchAll(/P\((\d+)\) = (\d+)/g)].map(([, from, to]) => [Number(from), Number(to)])
  expect(stated.length).toBe(4)
  for (const [from = 0, to] of stated) expect(paddedLength(from)).toBe(to)
})
