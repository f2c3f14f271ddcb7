import type { ApiError } from '../shared/kube/errors.ts'
import type { Kube } from '../shared/kube/port.ts'
import type { ClusterOptions } from './cluster.ts'

/** What the controller's Service answers to a GET, and where it was found; throws what went wrong first. */
export async function fromService(
  kube: Kube,
  path: string,
  { controllerNamespace, controllerName }: ClusterOptions,
  signal: AbortSignal,
): Promise<{ base: string; text: string }> {
  const [namespace, name] = [controllerNamespace, controllerName].map(encodeURIComponent)
  let first: unknown
  // Its port is called `http`, or `https` where the controller speaks TLS. A port that is not there is 503.
  for (const scheme of ['http', 'https']) {
    const base = `/api/v1/namespaces/${namespace}/services/${scheme}:${name}:${scheme}/proxy`
    try {
      return { base, text: await kube.raw(`${base}${path}`, { signal }) }
    } catch (error) {
      if (signal.aborted) throw signal.reason
      first ??= error
      if ((error as Partial<ApiError>).status !== 503) break
    }
  }
  throw first
}
