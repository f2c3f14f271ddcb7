import { readFile } from 'node:fs/promises'
import type { Connection, Credentials } from './connection.ts'
import { ConfigError } from './errors.ts'
import type { User } from './kubeconfig.ts'

/** What a kubeconfig's user sends along, for the kinds that need no helper program. */

/** Tokens in files are rotated by the kubelet; client-go reads them once a minute as well. */
const KEEP_MS = 60_000

/**
 * Loads credentials when they are asked for and keeps them a minute. Unchanged ones stay the same object, which is how
 * the transport sees whether asking again after a 401 makes sense.
 */
export function keepCredentials(
  load: (rejected: boolean) => Promise<Credentials>,
  now: () => number = () => performance.now(),
): Connection['authorize'] {
  let current: Credentials | undefined
  let loadedAt = 0
  let loading: Promise<Credentials> | undefined

  async function renew(rejected: boolean): Promise<Credentials> {
    try {
      const loaded = await load(rejected)
      if (current === undefined || !isSame(current, loaded)) current = loaded
    } catch (error) {
      // What we have may well hold longer than the trouble with the file or the helper.
      if (current === undefined || rejected) throw error
    }
    loadedAt = now()
    return current
  }

  return async (rejected) => {
    if (current !== undefined && rejected !== undefined && rejected !== current) return current
    if (current !== undefined && rejected === undefined && now() - loadedAt < KEEP_MS) return current
    loading ??= renew(rejected !== undefined).finally(() => {
      loading = undefined
    })
    return loading
  }
}

export async function loadStatic(user: User): Promise<Credentials> {
  const token = user.tokenFile
    ? (await readConfigFile('token', user.tokenFile)).toString().trim()
    : user.token
  const basic = Buffer.from(`${user.username}:${user.password ?? ''}`).toString('base64')
  const cert = await fileOrData(
    'client certificate',
    user['client-certificate'],
    user['client-certificate-data'],
  )
  const key = await fileOrData('client key', user['client-key'], user['client-key-data'])
  return {
    headers: {
      ...(user.username && { Authorization: `Basic ${basic}` }),
      ...(token && { Authorization: `Bearer ${token}` }),
      // https://kubernetes.io/docs/reference/access-authn-authz/authentication/#user-impersonation
      ...(user.as && { 'Impersonate-User': user.as }),
      ...(user['as-uid'] && { 'Impersonate-Uid': user['as-uid'] }),
      ...(user['as-groups']?.length && { 'Impersonate-Group': user['as-groups'] }),
      ...extraHeaders(user['as-user-extra']),
    },
    ...(cert && { cert }),
    ...(key && { key }),
  }
}

function extraHeaders(extra: User['as-user-extra']): Record<string, string[]> {
  const entries = Object.entries(extra ?? {})
  return Object.fromEntries(
    entries.map(([key, values]) => [`Impersonate-Extra-${encodeURIComponent(key)}`, values]),
  )
}

export async function fileOrData(what: string, path?: string, data?: string): Promise<Buffer | undefined> {
  if (data) return Buffer.from(data, 'base64')
  return path ? readConfigFile(what, path) : undefined
}

async function readConfigFile(what: string, path: string): Promise<Buffer> {
  return readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw new ConfigError(`${what} ${path} cannot be read: ${error.code}`)
  })
}

function isSame(a: Credentials, b: Credentials): boolean {
  // An agent cannot be compared; a new one costs a connection at most.
  return a.agent === undefined && b.agent === undefined && JSON.stringify(a) === JSON.stringify(b)
}
