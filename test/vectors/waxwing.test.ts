import { describe, expect, test } from 'vitest'
import { fromBase64 } from '../../shared/crypto/base64.ts'
import { SealError } from '../../shared/errors.ts'
import { toPlain } from '../../shared/format/plain.ts'
import { readSealedSecret } from '../../shared/format/schema.ts'
import { unseal } from '../../shared/format/unseal.ts'
import { sealedSecretObject, yamlText } from '../../shared/format/write.ts'
import { parseYaml } from '../../shared/format/yaml.ts'
import { readSealingKey } from '../../shared/keys/public.ts'
import { openSeed } from '../../shared/keys/seed.ts'
import { providers } from '../support/providers.ts'
import { vectors } from '../support/vectors.ts'

interface Whole {
  keys: { name: string; id: string; seed: string; public: string }[]
  vectors: {
    comment: string
    keys: string[]
    object: string
    values?: Record<string, string>
    bad?: string
  }[]
}

const { keys, vectors: cases } = vectors<Whole>('waxwing-v1.json')

const bytes = (text: string) => fromBase64(text) ?? new Uint8Array()

function read(text: string) {
  const root = parseYaml(text)
  if (!root) throw new Error('an empty vector')
  const { data, oddKeys } = toPlain(root)
  return readSealedSecret(data, oddKeys)
}

test('the file is whole', () => {
  expect(cases.length).toBe(30)
  expect(cases.filter(({ bad }) => bad).length).toBe(24)
})

describe.each(providers.map((kem) => [kem.name, kem] as const))('waxwing-v1 over %s', (_name, kem) => {
  const opened = Promise.all(keys.map(({ seed, name }) => openSeed(kem, bytes(seed), name)))

  test.each(keys.map((key) => [key.name, key] as const))('the key %s', async (name, { id, public: text }) => {
    const root = parseYaml(text)
    const key = readSealingKey(root && toPlain(root).data)
    const own = (await opened).find((candidate) => candidate.name === name)
    expect(own?.id).toBe(id)
    expect(key.id).toBe(id)
    expect(key.publicKey).toEqual(own?.key.publicKey)
  })

  test.each(cases.map((one) => [one.comment, one] as const))(
    '%s',
    async (_comment, { object, values, bad, keys: names }) => {
      const held = new Map(
        (await opened).filter(({ name }) => names.includes(name)).map(({ id, key }) => [id, key]),
      )
      const open = async () => unseal(read(object), held)
      if (bad) {
        const refused = await open().then(
          () => 'opened',
          (error) => (error instanceof SealError ? error.code : error),
        )
        expect(refused).toBe(bad)
        return
      }
      const got = await open()
      expect(
        Object.fromEntries([...got].map(([key, value]) => [key, Buffer.from(value).toString('base64')])),
      ).toEqual(values)
      // Written again it is the same object, and it still opens to the same values.
      const again = yamlText(sealedSecretObject(read(object)))
      expect(read(again)).toEqual(read(object))
      expect(await unseal(read(again), held)).toEqual(got)
    },
  )
})
