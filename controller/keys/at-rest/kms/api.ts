import protobuf from 'protobufjs/light.js'
import type { Messages, Method } from './messages.ts'

/** apis/v2/api.proto of k8s.io/kms, as far as it goes over the wire: what the API server asks a KMS plugin with. */
const { root } = protobuf.Root.fromJSON({
  nested: {
    v2: {
      nested: {
        StatusRequest: { fields: {} },
        StatusResponse: {
          fields: {
            version: { type: 'string', id: 1 },
            healthz: { type: 'string', id: 2 },
            keyId: { type: 'string', id: 3 },
          },
        },
        DecryptRequest: {
          fields: {
            ciphertext: { type: 'bytes', id: 1 },
            uid: { type: 'string', id: 2 },
            keyId: { type: 'string', id: 3 },
            annotations: { keyType: 'string', type: 'bytes', id: 4 },
          },
        },
        DecryptResponse: { fields: { plaintext: { type: 'bytes', id: 1 } } },
        EncryptRequest: {
          fields: { plaintext: { type: 'bytes', id: 1 }, uid: { type: 'string', id: 2 } },
        },
        EncryptResponse: {
          fields: {
            ciphertext: { type: 'bytes', id: 1 },
            keyId: { type: 'string', id: 2 },
            annotations: { keyType: 'string', type: 'bytes', id: 3 },
          },
        },
      },
    },
  },
} as protobuf.INamespace)

/** One method of `v2.KeyManagementService`. */
export const methodOf = <M extends Method>(method: M) => ({
  path: `/v2.KeyManagementService/${method}`,
  encode: encoderOf<Messages[M]['request']>(`v2.${method}Request`),
  decode: decoderOf<Messages[M]['response']>(`v2.${method}Response`),
})

function encoderOf<T extends object>(name: string): (message: T) => Buffer {
  const type = root.lookupType(name)
  return (message) => Buffer.from(type.encode(message).finish())
}

/** Fields that were not sent have their empty value. */
function decoderOf<T>(name: string): (bytes: Buffer) => T {
  const type = root.lookupType(name)
  return (bytes) => type.toObject(type.decode(bytes), { defaults: true, objects: true }) as T
}
