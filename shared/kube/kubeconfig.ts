import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { ConfigError } from './errors.ts'

/**
 * Reads kubeconfig files and picks one context: https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/.
 * Merged as kubectl merges: the first file that says a thing wins, and paths in a file start from its folder.
 */
export interface Target {
  cluster: Cluster
  /** Empty: the context names no user. */
  user: User
  namespace?: string
}

export interface Cluster {
  server: string
  'certificate-authority'?: string
  'certificate-authority-data'?: string
  'insecure-skip-tls-verify'?: boolean
  'tls-server-name'?: string
  'proxy-url'?: string
}

export interface User {
  token?: string
  tokenFile?: string
  'client-certificate'?: string
  'client-certificate-data'?: string
  'client-key'?: string
  'client-key-data'?: string
  username?: string
  password?: string
  as?: string
  'as-uid'?: string
  'as-groups'?: string[]
  'as-user-extra'?: Record<string, string[]>
  exec?: ExecPlugin
  'auth-provider'?: { name: string; config?: Record<string, string> }
}

export interface ExecPlugin {
  apiVersion?: string
  command: string
  args?: string[] | null
  env?: { name: string; value: string }[] | null
  installHint?: string
  provideClusterInfo?: boolean
}

interface Context {
  cluster?: string
  user?: string
  namespace?: string
}

interface Kubeconfig {
  'current-context'?: string
  clusters?: { name: string; cluster?: Cluster }[] | null
  users?: { name: string; user?: User }[] | null
  contexts?: { name: string; context?: Context }[] | null
}

/** The context `wanted`, or the current one, of these files together. */
export async function readTarget(paths: readonly string[], wanted?: string): Promise<Target> {
  const files = await Promise.all(paths.map(readKubeconfig))
  const where = `kubeconfig ${paths.join(', ')}`
  const contexts = files.flatMap((file) => file.contexts ?? [])
  const names = contexts.map(({ name }) => name).join(', ') || 'none'
  const chosen = wanted ?? files.map((file) => file['current-context']).find(Boolean)
  if (!chosen) throw new ConfigError(`${where}: no current context; choose one with --context: ${names}`)
  const context = contexts.find(({ name }) => name === chosen)?.context
  if (!context) throw new ConfigError(`${where}: no context "${chosen}"; there is: ${names}`)
  const clusters = files.flatMap((file) => file.clusters ?? [])
  const cluster = clusters.find(({ name }) => name === context.cluster)?.cluster
  if (!cluster?.server) throw new ConfigError(`${where}: no cluster with a server for context "${chosen}"`)
  const users = files.flatMap((file) => file.users ?? [])
  const user = context.user ? users.find(({ name }) => name === context.user)?.user : {}
  if (!user) throw new ConfigError(`${where}: no user "${context.user}" for context "${chosen}"`)
  return { cluster, user, ...(context.namespace && { namespace: context.namespace }) }
}

async function readKubeconfig(path: string): Promise<Kubeconfig> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new ConfigError(`kubeconfig ${path} cannot be read: ${error.code}`)
  })
  const file = await parse(path, text)
  const folder = dirname(resolve(path))
  for (const { cluster } of file.clusters ?? []) startFrom(folder, cluster, ['certificate-authority'])
  for (const { user } of file.users ?? []) {
    startFrom(folder, user, ['client-certificate', 'client-key', 'tokenFile'])
    // A command without a slash is looked for in PATH.
    if (user?.exec?.command?.includes('/')) startFrom(folder, user.exec, ['command'])
  }
  return file
}

async function parse(path: string, text: string): Promise<Kubeconfig> {
  if (text.trim() === '') throw new ConfigError(`kubeconfig ${path} is empty`)
  const { load } = (await import('#js-yaml')).jsYaml()
  let value: unknown
  try {
    value = load(text)
  } catch (error) {
    // The parser's own message shows the lines around, tokens and keys among them.
    const { line } = (error as { mark?: { line?: number } }).mark ?? {}
    throw new ConfigError(`kubeconfig ${path} is not YAML${line === undefined ? '' : `, line ${line + 1}`}`)
  }
  if (typeof value !== 'object' || value === null)
    throw new ConfigError(`kubeconfig ${path} is no kubeconfig`)
  return value
}

function startFrom<K extends string>(
  folder: string,
  holder: { [key in K]?: string } | undefined,
  keys: readonly K[],
): void {
  for (const key of keys) {
    const path = holder?.[key]
    if (holder && path) holder[key] = resolve(folder, path)
  }
}
