import { randomUUID } from 'node:crypto'
import { fromBase64, toBase64 } from '../../../../shared/crypto/base64.ts'
import { AtRestError, type Provider } from '../provider.ts'
import { areAnnotations, isKeyId, type WrappedBy } from '../wrapped-by.ts'
import type { KmsClient } from './messages.ts'

/** Below 1 kB, says apis/v2/api.proto. */
const MAX_CIPHERTEXT_BYTES = 1024
const VERSIONS = ['v2', 'v2beta1']

/**
 * A KMS v2 plugin, as the API server itself uses them:
 * https://kubernetes.io/docs/tasks/administer-cluster/kms-provider/
 *
 * @param connect called when it is first needed
 */
export function kmsProvider(address: string, connect: (what: string) => Promise<KmsClient>): Provider {
  const what = `the KMS at ${address}`
  let connection: Promise<KmsClient> | undefined
  const client = () => {
    connection ??= connect(what)
    return connection
  }
  const refused = (why: string) => new AtRestError('refused', `${what} ${why}`)

  async function status(): Promise<string> {
    const { version, healthz, keyId } = await (await client()).call('Status', {})
    if (!VERSIONS.includes(version)) throw refused(`speaks another version than ${VERSIONS.join(' or ')}`)
    if (healthz !== 'ok') throw new AtRestError('unavailable', `${what} does not call itself healthy`)
    if (!isKeyId(keyId)) throw refused('names no key_id, or one that is too long')
    return keyId
  }

  return {
    form: 'kms',
    what,
    opens: ({ provider }) => provider === 'kms-v2',
    async wrap(seed) {
      await status()
      const answer = await (await client()).call('Encrypt', { plaintext: seed, uid: randomUUID() })
      const { ciphertext, keyId } = answer
      if (ciphertext.length === 0 || ciphertext.length > MAX_CIPHERTEXT_BYTES)
        throw refused(`gave a ciphertext that is not 1 to ${MAX_CIPHERTEXT_BYTES} bytes`)
      if (!isKeyId(keyId)) throw refused('names no key_id, or one that is too long')
      const annotations = Object.entries(answer.annotations)
      if (!areAnnotations(new Map(annotations))) throw refused('gave annotations that the API does not allow')
      const by: WrappedBy = {
        provider: 'kms-v2',
        keyId,
        annotations: Object.fromEntries(annotations.map(([name, value]) => [name, toBase64(value)])),
      }
      return { bytes: new Uint8Array(ciphertext), by }
    },
    async unwrap({ bytes, by }) {
      if (by.provider !== 'kms-v2') throw refused('did not wrap this')
      const annotations = Object.fromEntries(
        Object.entries(by.annotations).map(([name, value]) => [name, fromBase64(value) ?? new Uint8Array()]),
      )
      const request = { ciphertext: bytes, uid: randomUUID(), keyId: by.keyId, annotations }
      const { plaintext } = await (await client()).call('Decrypt', request)
      return new Uint8Array(plaintext)
    },
    async newest() {
      const keyId = await status()
      return (by) => by.provider === 'kms-v2' && by.keyId === keyId
    },
    close: () => void connection?.then((open) => open.close()).catch(() => undefined),
  }
}
