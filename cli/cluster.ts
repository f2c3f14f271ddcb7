import { SealError } from '../shared/errors.ts'
import type { SealingKey } from '../shared/keys/public.ts'
import type { Kube } from '../shared/kube/port.ts'
import { VERSION } from '../shared/version.ts'

/** How a command finds its cluster, and the controller in it. */
export interface ClusterOptions {
  kubeconfig?: string
  context?: string
  controllerNamespace: string
  controllerName: string
}

/** A key is 2 kB; whatever is much longer is not one. */
const MAX_BODY_BYTES = 8 << 20
const TIMEOUT_MS = 15_000

/** The namespace that the kubeconfig's context states, if there is a kubeconfig and it states one. */
export async function contextNamespace(options: ClusterOptions): Promise<string | undefined> {
  const [{ loadConnection }, { ConfigError }] = await Promise.all([
    import('../shared/kube/config.ts'),
    import('../shared/kube/errors.ts'),
  ])
  try {
    return (await loadConnection(options)).namespace
  } catch (error) {
    // A kubeconfig that was named must be right; one that happens to lie there need not concern us.
    if (error instanceof ConfigError && !options.kubeconfig && !options.context) return undefined
    throw clusterError(error)
  }
}

/**
 * The keys to seal to that the cluster offers: what its controller publishes, without those that are retired, else what its
 * Service answers. `hint`: what to do instead where no cluster is configured.
 */
export async function clusterKeys(
  options: ClusterOptions,
  signal: AbortSignal,
  hint?: string,
): Promise<SealingKey[]> {
  const kube = await connectTo(options, hint)
  try {
    const { publishedKeys } = await import('./published.ts')
    const published = await publishedKeys(kube, options, signal)
    return published.length > 0
      ? published.filter(({ state }) => state === 'active').map(({ key }) => key)
      : await servedKeys(kube, options, signal)
  } finally {
    kube.close()
  }
}

/** The same keys with those that are retired: which ids are, or have been, this cluster's. */
export async function clusterKeyIds(options: ClusterOptions, signal: AbortSignal): Promise<Set<string>> {
  const kube = await connectTo(options, undefined)
  try {
    const { publishedKeys } = await import('./published.ts')
    return new Set((await publishedKeys(kube, options, signal)).map(({ key }) => key.id))
  } finally {
    kube.close()
  }
}

export async function connectTo(options: ClusterOptions, hint: string | undefined): Promise<Kube> {
  const [{ loadConnection }, { connect }, { ConfigError }] = await Promise.all([
    import('../shared/kube/config.ts'),
    import('../shared/kube/client.ts'),
    import('../shared/kube/errors.ts'),
  ])
  const connection = await loadConnection(options).catch((error: unknown) => {
    if (error instanceof ConfigError && !options.kubeconfig && !options.context)
      throw new SealError('key-missing', `no key was given; ${error.message}`, { hint })
    throw clusterError(error)
  })
  return connect(connection, {
    userAgent: `waxwing/${VERSION}`,
    timeoutMs: TIMEOUT_MS,
    maxBodyBytes: MAX_BODY_BYTES,
  })
}

async function servedKeys(kube: Kube, options: ClusterOptions, signal: AbortSignal): Promise<SealingKey[]> {
  const { parseKeys } = await import('./keys.ts')
  return parseKeys(`Service ${options.controllerName}`, await askService(kube, '/v1/keys', options, signal))
}

/** What the controller's Service answers through the API server. */
export async function askService(
  kube: Kube,
  path: string,
  options: ClusterOptions,
  signal: AbortSignal,
): Promise<string> {
  const { fromService } = await import('./service.ts')
  const { text } = await fromService(kube, path, options, signal).catch((error: unknown) => {
    if (signal.aborted) throw signal.reason
    const { code, message } = clusterError(error)
    throw new SealError(code, `no SealingKey is published or readable; asking the controller: ${message}`, {
      hint: 'Check that the controller is installed, and --context, --controller-namespace, --controller-name.',
    })
  })
  return text
}

/** For commands that want nothing of the cluster but its answers: where none is configured, that is no missing key. */
export const connectOnly = (options: ClusterOptions, hint: string): Promise<Kube> =>
  connectTo(options, hint).catch((error: unknown) => {
    if (!(error instanceof SealError) || error.code !== 'key-missing') throw error
    throw new SealError('cluster', error.message.replace('no key was given; ', ''), { hint })
  })

/** The errors of shared/kube hold codes and names only, none of the server's sentences. */
export const clusterError = (error: unknown): SealError =>
  error instanceof SealError
    ? error
    : new SealError('cluster', error instanceof Error ? error.message : 'an unknown error')
