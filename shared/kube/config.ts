import { access } from 'node:fs/promises'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'
import type { Connection, TlsOptions } from './connection.ts'
import { fileOrData, keepCredentials, loadStatic } from './credentials.ts'
import { ConfigError } from './errors.ts'
import { type Cluster, readTarget, type Target } from './kubeconfig.ts'
import { createPluginLoader, needsClientNode } from './plugin.ts'
import { podTarget } from './pod.ts'

/**
 * Finds the cluster as kubectl does: the file given, else those of KUBECONFIG, else ~/.kube/config, else the pod we run in.
 * Plain kubeconfigs are read here and not by client-node: loading that takes half a second, and it knows neither
 * `tokenFile` nor two files that name the same cluster.
 */
export interface ConfigOptions {
  /** From --kubeconfig. */
  kubeconfig?: string | undefined
  /** From --context. */
  context?: string | undefined
  env?: NodeJS.ProcessEnv
  /** Where a pod finds its ServiceAccount. */
  podFolder?: string
}

export async function loadConnection(options: ConfigOptions = {}): Promise<Connection> {
  const { kubeconfig, context, env = process.env, podFolder } = options
  const paths = kubeconfig ? [kubeconfig] : await findKubeconfigs(env)
  if (paths.length > 0) return toConnection(await readTarget(paths, context))
  const pod = await podTarget(env, podFolder)
  if (pod === undefined) {
    throw new ConfigError(
      'no cluster configured: no --kubeconfig, KUBECONFIG or ~/.kube/config, and not in a pod',
    )
  }
  if (context) throw new ConfigError(`no kubeconfig in which to look for the context "${context}"`)
  return toConnection(pod)
}

/** kubectl skips files of KUBECONFIG that do not exist; that none does is worth saying. */
async function findKubeconfigs(env: NodeJS.ProcessEnv): Promise<string[]> {
  const listed = (env.KUBECONFIG ?? '').split(delimiter).filter(Boolean)
  const candidates = listed.length > 0 ? listed : [join(env.HOME || homedir(), '.kube', 'config')]
  const found = await Promise.all(candidates.map(exists))
  const paths = candidates.filter((_, index) => found[index])
  if (listed.length > 0 && paths.length === 0) {
    throw new ConfigError(`KUBECONFIG: no such file: ${listed.join(', ')}`)
  }
  return paths
}

async function toConnection(target: Target): Promise<Connection> {
  const { cluster, namespace } = target
  if (!URL.canParse(cluster.server) || !/^https?:/.test(cluster.server)) {
    throw new ConfigError(`not an http(s) address of a cluster: ${cluster.server}`)
  }
  const load = needsClientNode(target) ? createPluginLoader(target) : () => loadStatic(target.user)
  return {
    server: cluster.server.replace(/\/+$/, ''),
    ...(namespace && { namespace }),
    tls: await tlsOptions(cluster),
    authorize: keepCredentials(load),
  }
}

async function tlsOptions(cluster: Cluster): Promise<TlsOptions> {
  const ca = await fileOrData('CA', cluster['certificate-authority'], cluster['certificate-authority-data'])
  return {
    ...(ca && { ca }),
    ...(cluster['tls-server-name'] && { servername: cluster['tls-server-name'] }),
    ...(cluster['insecure-skip-tls-verify'] === true && { rejectUnauthorized: false }),
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => error.code !== 'ENOENT', // what cannot be read is reported when it is read
  )
}
