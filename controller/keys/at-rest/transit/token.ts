import { readFile } from 'node:fs/promises'
import { fieldsOf } from '../../../fields.ts'
import { AtRestError } from '../provider.ts'
import type { VaultOptions, VaultRequest } from './request.ts'

/** Where the token for Vault comes from. */
export interface TokenSource {
  get(): Promise<string>
  /** The token was refused; whether there is another one now. */
  renew(): Promise<boolean>
}

/** A file that an agent keeps up to date. */
export function tokenFile(file: string): TokenSource {
  let last: string | undefined
  const get = async () => {
    last = await readToken('token', file)
    return last
  }
  return {
    get,
    async renew() {
      const refused = last
      return (await get()) !== refused
    },
  }
}

/** Of a login's time this much is used. */
const USED_SHARE = 2 / 3

/** https://developer.hashicorp.com/vault/api-docs/auth/kubernetes#login */
export function loginToken(
  { vaultRole, vaultAuthMount, vaultJwtFile }: Omit<VaultOptions, 'vaultAddr'>,
  send: (request: VaultRequest) => Promise<Record<string, unknown>>,
  now: () => number,
): TokenSource {
  let current: { token: string; until: number } | undefined
  let under: Promise<string> | undefined

  async function login(): Promise<string> {
    const jwt = await readToken('ServiceAccount token', vaultJwtFile)
    const what = `login as ${vaultRole}`
    const path = `auth/${vaultAuthMount}/login`
    const answer = await send({ what, method: 'POST', path, body: { role: vaultRole, jwt } })
    const { client_token: token, lease_duration: seconds } = fieldsOf(answer.auth)
    if (typeof token !== 'string' || !IN_A_HEADER.test(token))
      throw new AtRestError('refused', `${what}: the answer has no token`)
    const lasts = typeof seconds === 'number' && seconds > 0 ? seconds * 1000 * USED_SHARE : Infinity
    current = { token, until: now() + lasts }
    return token
  }

  return {
    async get() {
      if (current && now() < current.until) return current.token
      under ??= login().finally(() => {
        under = undefined
      })
      return under
    },
    async renew() {
      current = undefined
      return true
    },
  }
}

const IN_A_HEADER = /^[\x21-\x7e]+$/

async function readToken(what: string, file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new AtRestError('refused', `the ${what} file ${file} cannot be read: ${error.code}`)
  })
  const token = text.trim()
  if (!IN_A_HEADER.test(token)) throw new AtRestError('refused', `the ${what} file ${file} holds no token`)
  return token
}
