import fc from 'fast-check'
import { expect, test } from 'vitest'
import { chooseKem } from '../../shared/crypto/kem/choose.ts'
import type { SealedSecret } from '../../shared/format/sealed-secret.ts'
import { unseal } from '../../shared/format/unseal.ts'
import { sealedSecretObject, yamlText } from '../../shared/format/write.ts'
import { readBuffer } from '../../shared/ops/edit/buffer-read.ts'
import { bufferText } from '../../shared/ops/edit/buffer-write.ts'
import { rewriteSealed } from '../../shared/ops/edit/rewrite.ts'
import { findTarget, withDocument } from '../../shared/ops/edit/target.ts'
import { setValues, unsetValues } from '../../shared/ops/edit/values.ts'
import { asKeys, below, sealObject, seededRandom, testKeys } from '../support/objects.ts'
import { disguise } from './disguise.ts'

const kem = await chooseKem()
const keys = await testKeys(kem, 2)
const recipients = keys.map(({ id, key }) => ({ id, publicKey: key.publicKey }))
const dataKey = fc.constantFrom('user', 'password', 'tls.crt', 'y', '010', '1', '__proto__', 'a-b_c', 'null')
const values = fc.dictionary(dataKey, fc.string({ maxLength: 40 }), { minKeys: 1, maxKeys: 5 })
const bytes = (held: Record<string, string>) =>
  new Map(Object.entries(held).map(([key, text]) => [key, new TextEncoder().encode(text)]))

async function edit(text: string, change: (sealed: SealedSecret) => Promise<SealedSecret> | SealedSecret) {
  const { target, findings } = findTarget('f.yaml', text, 'shop/db')
  if (!target)
    throw new Error(findings.map(({ code, line, args }) => `${code} ${line} ${args.reason}`).join())
  const after = await change(target.sealed)
  return withDocument(target, rewriteSealed(target.source.text, target.path, target.sealed, after))
}

const opened = async (text: string) => {
  const { target } = findTarget('f.yaml', text, 'shop/db')
  const [first] = keys
  return target && first ? unseal(target.sealed, asKeys(first)) : undefined
}

/** Whether taking characters away from the one text gives the other. */
function isWithin(part: string, text: string): boolean {
  let at = 0
  for (const character of text) if (character === part.charAt(at)) at += 1
  return at === part.length
}

test('set, unset and set back: the values are right, and every other byte is as it was', async () => {
  await fc.assert(
    fc.asyncProperty(values, values, fc.nat(), async (held, more, seed) => {
      const random = seededRandom(seed)
      const sealed = await sealObject(kem, keys, bytes(held), random)
      const labelled = { ...sealed, labels: new Map([['app', 'shop']]) }
      const text = disguise(yamlText(sealedSecretObject(labelled)), sealedSecretObject(labelled), (limit) =>
        below(random, limit),
      )
      const means = { kem, random, now: 0 }
      const set = await edit(text, (object) => setValues(object, bytes(more), recipients, means))
      expect(await opened(set)).toEqual(new Map([...bytes(held), ...bytes(more)]))
      // Back to the object that it was: the text is what it was, but for what had no other way than to be written anew.
      const original = findTarget('f.yaml', text, 'shop/db').target?.sealed ?? labelled
      const back = await edit(set, () => original)
      const all = Object.keys(held).every((key) => Object.hasOwn(more, key))
      if (!all && !text.includes('>-')) expect(back).toBe(text)
      expect(await opened(back)).toEqual(bytes(held))

      const [key = ''] = Object.keys(held)
      const unset = await edit(text, (object) => unsetValues(object, [key]))
      const rest = bytes(held)
      rest.delete(key)
      expect(await opened(unset)).toEqual(rest)
      // Nothing is new in it, but the brackets of what is empty now.
      if (rest.size > 0) expect(isWithin(unset, text)).toBe(true)
    }),
    { numRuns: 60 },
  )
}, 120_000)

test('the text for the editor gives the values back, whatever they are', () => {
  const value = fc.oneof(
    fc.uint8Array({ maxLength: 60 }),
    fc.string({ unit: 'binary', maxLength: 40 }).map((text) => new TextEncoder().encode(text)),
    fc
      .array(
        fc.constantFrom(
          '\n',
          ' ',
          '#',
          ':',
          '- ',
          'a',
          '"',
          "'",
          '\t',
          '<sealed x>',
          '<base64>',
          '|',
          '\r',
          '~',
          '{',
        ),
        {
          maxLength: 12,
        },
      )
      .map((parts) => new TextEncoder().encode(parts.join(''))),
  )
  fc.assert(
    fc.property(fc.dictionary(dataKey, value, { maxKeys: 4 }), (held) => {
      const open = new Map(Object.entries(held))
      const sealed: SealedSecret = {
        ...EMPTY,
        data: new Map(
          [...open.keys()].map((key) => [key, { envelope: 'abcdefgh', sealed: new Uint8Array() }]),
        ),
      }
      const typed = readBuffer(bufferText(sealed, open), sealed, open)
      expect(typed).toMatchObject({ set: new Map(), unset: [] })
      expect(readBuffer(bufferText(sealed, open), sealed, undefined)?.set).toEqual(open)
      const closed = readBuffer(bufferText(sealed, undefined), sealed, undefined)
      expect(closed).toMatchObject({ set: new Map(), unset: [] })
    }),
    { numRuns: 300 },
  )
}, 120_000)

const EMPTY: SealedSecret = {
  name: 'db',
  namespace: 'shop',
  scope: 'strict',
  labels: new Map(),
  annotations: new Map(),
  envelopes: [],
  data: new Map(),
  template: { labels: new Map(), annotations: new Map(), data: new Map() },
}
