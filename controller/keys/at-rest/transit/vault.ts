import { readFile } from 'node:fs/promises'
import { parseJson } from '../../../../shared/kube/body.ts'
import type { Connection } from '../../../../shared/kube/connection.ts'
import { ApiError, ConfigError, NetworkError } from '../../../../shared/kube/errors.ts'
import { createTransport, type Transport } from '../../../../shared/kube/transport.ts'
import { fieldsOf } from '../../../fields.ts'
import { AtRestError } from '../provider.ts'
import type { VaultOptions, VaultRequest } from './request.ts'
import { loginToken, type TokenSource, tokenFile } from './token.ts'

/** A Vault or an OpenBao: https://developer.hashicorp.com/vault/api-docs, https://openbao.org/api-docs/ */
export interface Vault {
  /** The `data` of the answer. `what`: for the error, `encrypt with transit/waxwing`. */
  ask(request: VaultRequest): Promise<Record<string, unknown>>
  close(): void
}

const TIMEOUT_MS = 5_000
const MAX_BODY_BYTES = 256 * 1024

export async function connectVault(options: VaultOptions, userAgent: string): Promise<Vault> {
  const { vaultAddr, vaultCaFile } = options
  const name = `Vault at ${vaultAddr}`
  const ca = vaultCaFile === undefined ? undefined : await readCa(vaultCaFile)
  const opened: Transport[] = []

  function transport(authorize: Connection['authorize']): Transport {
    const connection = { server: vaultAddr, ...(ca && { tls: { ca } }), authorize }
    const made = createTransport(connection, {
      userAgent,
      timeoutMs: TIMEOUT_MS,
      maxBodyBytes: MAX_BODY_BYTES,
    })
    opened.push(made)
    return made
  }

  // Agents may ask for it, against requests that somebody was tricked into: `require_request_header`.
  const plain = {
    'X-Vault-Request': 'true',
    ...(options.vaultNamespace !== undefined && { 'X-Vault-Namespace': options.vaultNamespace }),
  }
  const unauthenticated = transport(async () => ({ headers: plain }))
  const token: TokenSource =
    options.vaultTokenFile === undefined
      ? loginToken(options, logIn, Date.now)
      : tokenFile(options.vaultTokenFile)
  const authenticated = transport(async () => ({ headers: { ...plain, 'X-Vault-Token': await token.get() } }))

  function logIn(request: VaultRequest) {
    return send(unauthenticated, request).catch((error: unknown) => {
      throw inOurWords(name, request.what, error)
    })
  }

  async function send(through: Transport, { what, method, path, body }: VaultRequest) {
    const text = await through.send({
      what,
      method,
      path: `/v1/${path}`,
      accept: 'application/json',
      ...(body && { contentType: 'application/json', body: JSON.stringify(body) }),
    })
    return parseJson<Record<string, unknown>>(what, text)
  }

  return {
    async ask(request) {
      try {
        const answer = await send(authenticated, request).catch(async (error: unknown) => {
          // Also what Vault says of a token that has run out, or was revoked.
          if (!(error instanceof ApiError) || error.status !== 403 || !(await token.renew())) throw error
          return send(authenticated, request)
        })
        return fieldsOf(answer.data)
      } catch (error) {
        throw inOurWords(name, request.what, error)
      }
    },
    close() {
      for (const { close } of opened) close()
    },
  }
}

async function readCa(file: string): Promise<Buffer> {
  return readFile(file).catch((error: NodeJS.ErrnoException) => {
    throw new AtRestError('refused', `the CA file ${file} cannot be read: ${error.code}`)
  })
}

/** https://developer.hashicorp.com/vault/api-docs#http-status-codes. Its sentences (`errors`) stay out. */
const MEANINGS: Record<number, string> = {
  400: 'it takes the request for a wrong one',
  403: 'the token does not allow it: look at its policy, or at the role',
  404: 'there is nothing at this path: look at mount, key and namespace',
  405: 'the path does not know the method: look at the mount',
  412: 'this server is behind the others',
  429: 'it has too much to do',
  500: 'it has an error of its own',
  502: 'whoever stands before it does not reach it',
  503: 'it is sealed, or down for maintenance',
}

function inOurWords(name: string, what: string, error: unknown): unknown {
  if (error instanceof AtRestError) return error
  if (error instanceof NetworkError)
    return new AtRestError('unavailable', `${name} does not answer: ${what}: ${error.code}`)
  if (error instanceof ConfigError) return new AtRestError('refused', `${name}: ${error.message}`)
  if (!(error instanceof ApiError)) return error
  const { status } = error
  const later = status === 412 || status === 429 || status >= 500
  const moved = status >= 300 && status < 400
  const meaning = moved ? 'it sends us elsewhere: give the address of the active server' : MEANINGS[status]
  return new AtRestError(
    later ? 'unavailable' : 'refused',
    `${name}: ${what}: ${status}${meaning === undefined ? '' : `, ${meaning}`}`,
    status,
  )
}
