import { expect, test } from 'vitest'
import { methodOf } from '../../../../controller/keys/at-rest/kms/api.ts'
import type { KmsClient, Messages } from '../../../../controller/keys/at-rest/kms/messages.ts'
import { kmsProvider } from '../../../../controller/keys/at-rest/kms/provider.ts'

// What the API allows a plugin to answer (apis/v2/api.proto of k8s.io/kms). test/kms has the wire, against a real one.

type Answers = { [M in keyof Messages]?: Partial<Messages[M]['response']> }

function provider(answers: Answers) {
  const asked: unknown[] = []
  const all = {
    Status: { version: 'v2', healthz: 'ok', keyId: 'k', ...answers.Status },
    Encrypt: { ciphertext: new Uint8Array(48), keyId: 'k', annotations: {}, ...answers.Encrypt },
    Decrypt: { plaintext: new Uint8Array(32), ...answers.Decrypt },
  }
  const client = {
    async call(method: keyof Messages, request: unknown) {
      asked.push([method, request])
      return all[method]
    },
    close: () => undefined,
  } as KmsClient
  return { kms: kmsProvider('unix:///kms.sock', async () => client), asked }
}

const seed = new Uint8Array(32).fill(3)

test.each<[string, Answers]>([
  ['a key_id of 1 kB', { Encrypt: { keyId: 'k'.repeat(1024) } }],
  ['a ciphertext of 1 kB', { Encrypt: { ciphertext: new Uint8Array(1024) } }],
  ['annotations', { Encrypt: { annotations: { 'a.example.com': new Uint8Array(32_000) } } }],
])('takes %s', async (_what, answers) => {
  const { kms } = provider(answers)
  expect((await kms.wrap(seed, 'wx')).by.provider).toBe('kms-v2')
})

test.each<[string, Answers, string]>([
  ['no key_id', { Encrypt: { keyId: '' } }, 'names no key_id'],
  ['a long key_id', { Encrypt: { keyId: 'é'.repeat(513) } }, 'names no key_id'],
  ['no key_id in Status', { Status: { keyId: '' } }, 'names no key_id'],
  ['no ciphertext', { Encrypt: { ciphertext: new Uint8Array() } }, 'not 1 to 1024 bytes'],
  ['a long ciphertext', { Encrypt: { ciphertext: new Uint8Array(1025) } }, 'not 1 to 1024 bytes'],
  ['an annotation that is no domain name', { Encrypt: { annotations: { nonce: seed } } }, 'annotations'],
  [
    'large annotations',
    { Encrypt: { annotations: { 'a.example.com': new Uint8Array(32_768) } } },
    'annotations',
  ],
])('refuses %s', async (_what, answers, why) => {
  const { kms } = provider(answers)
  await expect(kms.wrap(seed, 'wx')).rejects.toMatchObject({
    code: 'refused',
    message: expect.stringContaining(why),
  })
})

test('gives key_id and annotations back, with a uid that is never the same', async () => {
  const { kms, asked } = provider({ Encrypt: { annotations: { 'a.example.com': new Uint8Array([1]) } } })
  const wrapped = await kms.wrap(seed, 'wx')
  for (let i = 0; i < 2; i++) await kms.unwrap(wrapped, 'wx')
  const requests = asked.slice(-2).map((call) => (call as [string, { uid: string }])[1])
  expect(requests[0]).toMatchObject({ keyId: 'k', annotations: { 'a.example.com': new Uint8Array([1]) } })
  expect(requests[0]?.uid).not.toBe(requests[1]?.uid)
})

test('messages have the bytes that protobuf gives them', () => {
  const { encode, path } = methodOf('Decrypt')
  expect(path).toBe('/v2.KeyManagementService/Decrypt')
  const message = {
    ciphertext: new Uint8Array([1]),
    uid: 'u',
    keyId: 'k',
    annotations: { a: new Uint8Array([2]) },
  }
  // Field numbers and wire types by hand: 1 bytes, 2 string, 3 string, 4 map entry {1: string, 2: bytes}.
  expect(encode(message).toString('hex')).toBe(`0a0101${'120175'}${'1a016b'}${'2206'}${'0a0161'}${'120102'}`)
  const status = methodOf('Status').decode(Buffer.from('0a027632', 'hex'))
  expect(status).toEqual({ version: 'v2', healthz: '', keyId: '' })
})
