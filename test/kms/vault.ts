import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { selfSigned } from '../../shared/sandbox/server/certificate.ts'

/**
 * A double of Vault's and OpenBao's transit engine and Kubernetes login, over HTTPS, written from the API documents:
 * https://developer.hashicorp.com/vault/api-docs/secret/transit, …/auth/kubernetes, …/api-docs#http-status-codes and the
 * OpenBao pages of the same names. As much of them as the controller asks for.
 */
export interface VaultDouble {
  url: string
  caPem: string
  /** Tokens that are good; a login adds one. */
  tokens: Set<string>
  keys: Map<string, TransitKey>
  /** What every request is answered with, until it is undefined again. */
  broken: number | 'silent' | undefined
  namespace: string | undefined
  /** The JWT that a login wants to see, and the seconds that its token lasts. */
  login: { role: string; jwt: string; leaseSeconds: number }
  /** Method and path of each request. */
  asked: string[]
  createKey(name: string, options?: Partial<Pick<TransitKey, 'type' | 'derived'>>): void
  rotate(name: string): void
  close(): Promise<void>
}

interface TransitKey {
  type: string
  derived: boolean
  versions: Buffer[]
  minDecryption: number
}

class Refusal extends Error {
  readonly status: number
  readonly errors: string[]
  constructor(status: number, ...errors: string[]) {
    super(errors.join())
    this.status = status
    this.errors = errors
  }
}

type Body = Record<string, string | undefined>

export async function startVault(port = 0): Promise<VaultDouble> {
  const { key, cert } = selfSigned(new Date())
  const server = createServer({ key, cert }, async (request, response) => {
    if (vault.broken === 'silent') return
    const answer = (status: number, body: unknown) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    try {
      answer(200, await handle(request))
    } catch (error) {
      if (error instanceof Refusal) answer(error.status, { errors: error.errors })
      else answer(500, { errors: ['internal error'] })
    }
  })

  async function handle(request: IncomingMessage): Promise<unknown> {
    const { method = '', url = '', headers } = request
    vault.asked.push(`${method} ${url}`)
    if (vault.broken === 503) throw new Refusal(503, 'Vault is sealed')
    if (typeof vault.broken === 'number') throw new Refusal(vault.broken, 'broken')
    const body = method === 'GET' ? {} : ((await json(request)) as Body)
    if (headers['x-vault-namespace'] !== vault.namespace) throw new Refusal(404, 'no handler for route')
    if (url === '/v1/auth/kubernetes/login') return logIn(body)
    if (!vault.tokens.has(String(headers['x-vault-token']))) throw new Refusal(403, 'permission denied')
    const [, action = '', name = ''] = /^\/v1\/transit\/(encrypt|decrypt|keys)\/([\w.-]+)$/.exec(url) ?? []
    const transit = vault.keys.get(name)
    if (action === 'keys' && method === 'GET') {
      if (!transit) throw new Refusal(404)
      const { type, derived, minDecryption, versions } = transit
      const data = { name, type, derived, min_decryption_version: minDecryption }
      return { data: { ...data, latest_version: versions.length } }
    }
    if (method !== 'POST' || action === '') throw new Refusal(404, 'no handler for route')
    if (!transit) throw new Refusal(400, 'encryption key not found')
    return { data: action === 'encrypt' ? encrypt(transit, body) : decrypt(transit, body) }
  }

  function logIn({ role, jwt }: Body): unknown {
    if (role !== vault.login.role) throw new Refusal(400, `invalid role name "${role}"`)
    if (jwt !== vault.login.jwt) throw new Refusal(403, 'permission denied')
    const token = `hvs.${randomBytes(12).toString('hex')}`
    vault.tokens.add(token)
    return { auth: { client_token: token, lease_duration: vault.login.leaseSeconds, renewable: true } }
  }

  const vault: VaultDouble = {
    url: '',
    caPem: cert,
    tokens: new Set(),
    keys: new Map(),
    broken: undefined,
    namespace: undefined,
    login: { role: 'waxwing', jwt: 'jwt', leaseSeconds: 3600 },
    asked: [],
    createKey(name, { type = 'aes256-gcm96', derived = false } = {}) {
      vault.keys.set(name, { type, derived, versions: [randomBytes(32)], minDecryption: 1 })
    },
    rotate: (name) => void vault.keys.get(name)?.versions.push(randomBytes(32)),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  vault.url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`
  return vault
}

/** The key of a version, and of a context where the transit key is derived. */
function keyOf({ derived, versions }: TransitKey, version: number, context: string | undefined): Buffer {
  const key = versions[version - 1]
  if (!key) throw new Refusal(400, 'invalid ciphertext: version is too new')
  if (!derived) return key
  if (!context)
    throw new Refusal(400, "missing 'context' for key derivation; the key was created using a derived key")
  return Buffer.from(hkdfSync('sha256', key, '', Buffer.from(context, 'base64'), 32))
}

function encrypt(transit: TransitKey, { plaintext, context, associated_data: aad = '' }: Body) {
  if (plaintext === undefined) throw new Refusal(400, 'missing plaintext to encrypt')
  const version = transit.versions.length
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', keyOf(transit, version, context), nonce)
  cipher.setAAD(Buffer.from(aad, 'base64'))
  const sealed = Buffer.concat([
    nonce,
    cipher.update(Buffer.from(plaintext, 'base64')),
    cipher.final(),
    cipher.getAuthTag(),
  ])
  return { ciphertext: `vault:v${version}:${sealed.toString('base64')}`, key_version: version }
}

function decrypt(transit: TransitKey, { ciphertext = '', context, associated_data: aad = '' }: Body) {
  const [, digits, text = ''] = /^vault:v(\d+):(.+)$/.exec(ciphertext) ?? []
  if (digits === undefined) throw new Refusal(400, 'invalid ciphertext: no prefix')
  const version = Number(digits)
  if (version < transit.minDecryption)
    throw new Refusal(400, 'ciphertext or signature version is disallowed by policy (too old)')
  const bytes = Buffer.from(text, 'base64')
  const decipher = createDecipheriv('aes-256-gcm', keyOf(transit, version, context), bytes.subarray(0, 12))
  decipher.setAAD(Buffer.from(aad, 'base64'))
  decipher.setAuthTag(bytes.subarray(-16))
  try {
    const plain = Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()])
    return { plaintext: plain.toString('base64') }
  } catch {
    throw new Refusal(400, 'cipher: message authentication failed')
  }
}
