import { Agent, type OutgoingHttpHeaders } from 'node:http'
import type { RequestOptions } from 'node:https'
import type { KubeConfig } from '@kubernetes/client-node'
import type { Credentials } from './connection.ts'
import { fileOrData, loadStatic } from './credentials.ts'
import { ConfigError } from './errors.ts'
import type { Cluster, ExecPlugin, Target } from './kubeconfig.ts'

/**
 * Credentials that take more than reading a file: exec plugins, auth providers such as OIDC, and ways through a proxy.
 * client-node does these. It is imported nowhere else, and only when needed, for loading it takes half a second.
 */
export function needsClientNode({ cluster, user }: Target): boolean {
  return Boolean(user.exec || user['auth-provider'] || cluster['proxy-url'])
}

export function createPluginLoader(target: Target): (rejected: boolean) => Promise<Credentials> {
  let config: KubeConfig | undefined
  return async (rejected) => {
    // It remembers a credential until it runs out, so after a refusal it has to start from nothing.
    if (rejected || config === undefined) config = await createConfig(target)
    const given: RequestOptions = {}
    await config.applyToHTTPSOptions(given).catch((error) => {
      throw new ConfigError(explain(target, error))
    })
    return toCredentials(target, given)
  }
}

async function createConfig({ cluster, user }: Target): Promise<KubeConfig> {
  const { KubeConfig } = await import('@kubernetes/client-node')
  const { cert, key } = await loadStatic(user)
  const caData = await caDataOf(cluster)
  const config = new KubeConfig()
  config.loadFromClusterAndUser(
    {
      name: 'cluster',
      server: cluster.server,
      // Without this it refuses plain http.
      skipTLSVerify: cluster['insecure-skip-tls-verify'] === true || cluster.server.startsWith('http:'),
      ...(caData && { caData }),
      ...(cluster['tls-server-name'] && { tlsServerName: cluster['tls-server-name'] }),
      ...(cluster['proxy-url'] && { proxyUrl: cluster['proxy-url'] }),
    },
    {
      name: 'user',
      ...(user.exec && { exec: withExecInfo(user.exec, cluster, caData) }),
      ...(user['auth-provider'] && { authProvider: user['auth-provider'] }),
      ...(cert && { certData: cert.toString('base64') }),
      ...(key && { keyData: key.toString('base64') }),
    },
  )
  return config
}

async function caDataOf(cluster: Cluster): Promise<string | undefined> {
  const ca = await fileOrData(
    'CA file',
    cluster['certificate-authority'],
    cluster['certificate-authority-data'],
  )
  return ca?.toString('base64')
}

/**
 * Plugins read KUBERNETES_EXEC_INFO, which client-node leaves out:
 * https://kubernetes.io/docs/reference/access-authn-authz/authentication/#input-and-output-formats
 */
function withExecInfo(exec: ExecPlugin, cluster: Cluster, caData?: string): ExecPlugin {
  const info = {
    apiVersion: exec.apiVersion,
    kind: 'ExecCredential',
    spec: {
      interactive: false,
      cluster: exec.provideClusterInfo ? { ...cluster, 'certificate-authority-data': caData } : undefined,
    },
  }
  const env = [...(exec.env ?? []), { name: 'KUBERNETES_EXEC_INFO', value: JSON.stringify(info) }]
  return { ...exec, args: exec.args ?? [], env }
}

async function toCredentials({ cluster, user }: Target, given: RequestOptions): Promise<Credentials> {
  const own = await loadStatic(user)
  const token = (given.headers as OutgoingHttpHeaders | undefined)?.Authorization
  if ((user.exec || user['auth-provider']) && !token && !given.cert) {
    throw new ConfigError(`${pluginName({ user })} gave no credentials`)
  }
  return {
    headers: { ...own.headers, ...(token && { Authorization: String(token) }) },
    ...(given.cert && { cert: String(given.cert) }),
    ...(given.key && { key: String(given.key) }),
    ...(cluster['proxy-url'] && given.agent instanceof Agent && { agent: given.agent }),
  }
}

function pluginName({ user }: Pick<Target, 'user'>): string {
  return user.exec ? `exec plugin ${user.exec.command}` : `auth provider ${user['auth-provider']?.name}`
}

function explain(target: Target, error: NodeJS.ErrnoException): string {
  const name = pluginName(target)
  // A parser's message quotes what the plugin printed, perhaps a token.
  if (error instanceof SyntaxError) return `${name} printed no ExecCredential`
  if (error.code === 'ENOENT') return `${name} not found. ${target.user.exec?.installHint ?? ''}`.trim()
  return `${name} failed: ${error.message.trim().slice(0, 500)}`
}
