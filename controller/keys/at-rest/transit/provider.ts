import { fromBase64, toBase64 } from '../../../../shared/crypto/base64.ts'
import { enc, utf8 } from '../../../../shared/crypto/bytes.ts'
import { AtRestError, type Provider } from '../provider.ts'
import type { WrappedBy } from '../wrapped-by.ts'
import type { Vault } from './vault.ts'

export interface TransitOptions {
  vaultAddr?: string
  vaultNamespace?: string | undefined
  vaultMount: string
  vaultKey: string
}

/** Types of transit keys that encrypt and authenticate, and take associated data. */
const AEAD = new Set(['aes128-gcm96', 'aes256-gcm96', 'chacha20-poly1305', 'xchacha20-poly1305'])
const CIPHERTEXT = /^vault:v([1-9]\d{0,8}):[A-Za-z0-9+/]{1,512}={0,2}$/

interface TransitKey {
  latest: number
  oldest: number
  derived: boolean
}

/**
 * The transit engine of Vault or OpenBao: https://developer.hashicorp.com/vault/api-docs/secret/transit. A seed is wrapped
 * with its key's id as associated data, so that Vault gives it back for this key alone; its `rewrap` knows no associated
 * data, so a newer version comes by decrypt and encrypt.
 *
 * @param connect called when it is first needed
 */
export function transitProvider(options: TransitOptions, connect: () => Promise<Vault>): Provider {
  const { vaultNamespace: namespace, vaultMount: mount, vaultKey: key } = options
  const what = `the transit key ${mount}/${key} in Vault at ${options.vaultAddr}`
  const refused = (why: string) => new AtRestError('refused', `${what} ${why}`)
  let connection: Promise<Vault> | undefined

  async function vault(): Promise<Vault> {
    connection ??= connect().catch((error: unknown) => {
      connection = undefined
      throw error
    })
    return connection
  }

  async function keyInfo(at: { mount: string; key: string }): Promise<TransitKey> {
    const data = await (await vault()).ask({
      what: `read ${at.mount}/keys/${at.key}`,
      method: 'GET',
      path: `${at.mount}/keys/${at.key}`,
    })
    const { type, latest_version: latest, min_decryption_version: oldest, derived } = data
    if (typeof type !== 'string' || !AEAD.has(type))
      throw refused(`is of a type that cannot wrap a seed; use one of ${[...AEAD].join(', ')}`)
    if (!Number.isSafeInteger(latest)) throw refused('has no version')
    return {
      latest: latest as number,
      oldest: typeof oldest === 'number' ? oldest : 1,
      derived: derived === true,
    }
  }

  return {
    form: 'transit',
    what,
    opens: (by) => by.provider === 'transit' && by.namespace === namespace,
    async wrap(seed, keyId) {
      const { derived } = await keyInfo({ mount, key })
      const { ciphertext } = await (await vault()).ask({
        what: `encrypt with ${mount}/${key}`,
        method: 'POST',
        path: `${mount}/encrypt/${key}`,
        body: { plaintext: toBase64(seed), ...bindings(keyId, derived) },
      })
      const version = typeof ciphertext === 'string' ? CIPHERTEXT.exec(ciphertext)?.[1] : undefined
      if (version === undefined) throw refused('gave no ciphertext')
      const by: WrappedBy = {
        provider: 'transit',
        ...(namespace !== undefined && { namespace }),
        mount,
        key,
        version: Number(version),
        ...(derived && { derived }),
      }
      return { bytes: utf8(ciphertext as string), by }
    },
    async unwrap({ bytes, by }, keyId) {
      const ciphertext = new TextDecoder().decode(bytes)
      if (by.provider !== 'transit' || CIPHERTEXT.exec(ciphertext)?.[1] !== String(by.version))
        throw refused('did not wrap this: it is no ciphertext of the version that wrappedBy names')
      const at = `${by.mount}/${by.key}`
      const { plaintext } = await (await vault())
        .ask({
          what: `decrypt with ${at}`,
          method: 'POST',
          path: `${by.mount}/decrypt/${by.key}`,
          body: { ciphertext, ...bindings(keyId, by.derived === true) },
        })
        .catch(async (error: unknown) => {
          throw await explained(error, at, by)
        })
      const seed = typeof plaintext === 'string' ? fromBase64(plaintext) : undefined
      if (!seed) throw refused('gave no plaintext')
      return seed
    },
    async newest() {
      const { latest } = await keyInfo({ mount, key })
      return (by) =>
        by.provider === 'transit' && by.mount === mount && by.key === key && by.version === latest
    },
    close: () => void connection?.then((open) => open.close()).catch(() => undefined),
  }

  /** Vault says of an unknown key, of a version that is not to be used any more and of other associated data: 400. */
  async function explained(error: unknown, at: string, by: WrappedBy & { provider: 'transit' }) {
    if (!(error instanceof AtRestError) || error.status !== 400) return error
    const info = await keyInfo(by).catch((reason: unknown) => reason)
    if (info instanceof AtRestError && info.status === 404)
      return new AtRestError(
        'refused',
        `the transit key ${at}, which wrapped the seed, is not there any more`,
      )
    if (info instanceof Error) return error
    const { oldest, latest } = info as TransitKey
    if (by.version >= oldest && by.version <= latest) return error
    return new AtRestError(
      'refused',
      `the seed is wrapped by version ${by.version} of the transit key ${at}, which has ${oldest} to ${latest}: look at its min_decryption_version`,
    )
  }
}

/** What the wrapping is bound to. A derived key makes a key of its own from the context. */
function bindings(keyId: string, derived: boolean): object {
  const bound = toBase64(enc('waxwing.dev/v1 seed at rest', keyId))
  return { associated_data: bound, ...(derived && { context: bound }) }
}
