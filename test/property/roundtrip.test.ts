import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { base32 } from '../../shared/crypto/base32.ts'
import { fromBase64, toBase64 } from '../../shared/crypto/base64.ts'
import { SCOPES } from '../../shared/crypto/bound.ts'
import { enc } from '../../shared/crypto/bytes.ts'
import { pad, paddedLength, unpad } from '../../shared/crypto/padding.ts'
import { isDataKey } from '../../shared/format/limits.ts'
import { readSealedSecret } from '../../shared/format/schema.ts'
import { unseal } from '../../shared/format/unseal.ts'
import { sealedSecretObject, yamlText } from '../../shared/format/write.ts'
import { asKeys, readText, sealObject, seededRandom, testKeys } from '../support/objects.ts'
import { providers } from '../support/providers.ts'

const dataKey = fc.oneof(
  fc.stringMatching(/^[-._a-zA-Z0-9]{1,40}$/).filter(isDataKey),
  fc.constantFrom(
    '__proto__',
    'constructor',
    'y',
    'no',
    '010',
    '1e3',
    '1_0',
    'null',
    '~'.replace('~', '-'),
    'a'.repeat(253),
  ),
)
const values = fc
  .array(fc.tuple(dataKey, fc.uint8Array({ maxLength: 700 })), { maxLength: 6 })
  .map((entries) => new Map(entries))
const label = fc.stringMatching(/^[a-z0-9]([-a-z0-9]{0,20}[a-z0-9])?$/)

describe.each(providers.map((kem) => [kem.name, kem] as const))(
  'seal, then unseal, over %s',
  (_name, kem) => {
    test('gives the same bytes, for every scope and each recipient, through YAML and through JSON', async () => {
      const keys = await testKeys(kem, 4)
      await fc.assert(
        fc.asyncProperty(
          values,
          fc.constantFrom(...SCOPES),
          label,
          label,
          fc.integer({ min: 1, max: 4 }),
          fc.integer(),
          async (held, scope, namespace, name, count, seed) => {
            const recipients = keys.slice(0, count)
            const sealed = await sealObject(kem, recipients, held, seededRandom(seed), {
              scope,
              namespace,
              name,
            })
            const object = sealedSecretObject(sealed)
            const text = yamlText(object)
            expect(readText(text)).toEqual(sealed)
            expect(readText(JSON.stringify(object))).toEqual(sealed)
            expect(readSealedSecret(JSON.parse(JSON.stringify(object)))).toEqual(sealed)
            for (const key of recipients) {
              const opened = await unseal(readText(text), asKeys(key))
              expect(new Map(opened)).toEqual(held)
            }
          },
        ),
        { numRuns: 60 },
      )
    })
  },
)

describe('codecs', () => {
  test('padding: unpad after pad is the value, and its length is within an eighth', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 5000 }), (value) => {
        const padded = pad(value)
        expect(unpad(padded)).toEqual(value)
        expect(padded.length).toBe(paddedLength(padded.length))
        if (value.length >= 32) expect(padded.length).toBeLessThanOrEqual((value.length + 1) * 1.125)
      }),
    )
  })

  test('unpad is strict: no mark, more zeros than the rule gives, or fewer, is refused', () => {
    expect(unpad(new Uint8Array(32))).toBeUndefined()
    expect(unpad(new Uint8Array(0))).toBeUndefined()
    expect(unpad(new Uint8Array(32).fill(1))).toBeUndefined()
    for (let size = 0; size < 600; size += 1) {
      const padded = pad(new Uint8Array(size).fill(0x80))
      expect(unpad(padded)?.length).toBe(size)
      const longer = new Uint8Array(padded.length + 1)
      longer.set(padded)
      expect(unpad(longer)).toBeUndefined()
      const zeros = padded.length - size - 1
      if (zeros > 0) expect(unpad(padded.slice(0, -1))).toBeUndefined()
    }
  })

  test('base64 is strict: exactly one text for each byte string', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        expect(fromBase64(toBase64(bytes))).toEqual(bytes)
      }),
    )
    for (const loose of ['QQ', 'QQ=', 'QR==', ' QQ==', 'QQ==\n', 'Q Q=', 'QQ==QQ==', '_-8=', 'Q', '=', 'é'])
      expect(fromBase64(loose), JSON.stringify(loose)).toBeUndefined()
  })

  test('base32 agrees with RFC 4648 §10, in lower case and without padding', () => {
    const table = {
      '': '',
      f: 'my',
      fo: 'mzxq',
      foo: 'mzxw6',
      foob: 'mzxw6yq',
      fooba: 'mzxw6ytb',
      foobar: 'mzxw6ytboi',
    }
    for (const [plain, coded] of Object.entries(table)) expect(base32(Buffer.from(plain))).toBe(coded)
  })

  test('enc is injective: two lists agree only when their parts do', () => {
    const parts = fc.array(fc.stringMatching(/^[ab]{0,3}$/), { maxLength: 4 })
    fc.assert(
      fc.property(parts, parts, (one, other) => {
        const same = Buffer.compare(enc(...one), enc(...other)) === 0
        expect(same).toBe(JSON.stringify(one) === JSON.stringify(other))
      }),
      { numRuns: 2000 },
    )
  })
})
