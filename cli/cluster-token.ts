import { SealError } from '../shared/errors.ts'
import type { Kube } from '../shared/kube/port.ts'
import { type ClusterOptions, clusterError } from './cluster.ts'
import { usage } from './refused.ts'

export interface PostOptions extends ClusterOptions {
  /** NAMESPACE/NAME of the ServiceAccount in whose name to ask. */
  asServiceAccount?: string
}

const AUDIENCE = 'waxwing'
/** The least that an API server gives. */
const SECONDS = 600

/**
 * A token for the controller, which takes none that is meant for the API server. Kubernetes makes such tokens for
 * ServiceAccounts alone: for the one that is named, or the one that the kubeconfig is of. A token of the kubeconfig that
 * is for the controller already is used as it is.
 */
export async function callerToken(kube: Kube, options: PostOptions, signal: AbortSignal): Promise<string> {
  const { asServiceAccount } = options
  if (asServiceAccount !== undefined) return requestToken(kube, accountOf(asServiceAccount), signal)
  const token = await kubeconfigToken(options)
  const claims = claimsOf(token)
  if ([claims.aud].flat().includes(AUDIENCE)) return token
  const [, , namespace, name] = /^system:serviceaccount:/.test(String(claims.sub))
    ? String(claims.sub).split(':')
    : []
  if (namespace && name) return requestToken(kube, { namespace, name }, signal)
  throw usage(
    'the kubeconfig is not that of a ServiceAccount: pass --as-service-account NAMESPACE/NAME',
    'The controller takes tokens of ServiceAccounts, which you may get for one by the right `create` on `serviceaccounts/token`.',
  )
}

function accountOf(text: string): { namespace: string; name: string } {
  const [namespace, name, ...more] = text.split('/')
  if (!namespace || !name || more.length > 0) throw usage('--as-service-account is NAMESPACE/NAME')
  return { namespace, name }
}

async function requestToken(
  kube: Kube,
  { namespace, name }: { namespace: string; name: string },
  signal: AbortSignal,
): Promise<string> {
  const account = [namespace, name].map(encodeURIComponent).join('/serviceaccounts/')
  const body = JSON.stringify({
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    spec: { audiences: [AUDIENCE], expirationSeconds: SECONDS },
  })
  try {
    const answer = JSON.parse(await kube.post(`/api/v1/namespaces/${account}/token`, body, { signal }))
    return String(answer.status.token)
  } catch (error) {
    if (signal.aborted) throw signal.reason
    const { code, message } = clusterError(error)
    throw new SealError(code, `no token for the ServiceAccount ${namespace}/${name}: ${message}`, {
      hint: 'You need the right `create` on `serviceaccounts/token` of it.',
    })
  }
}

/** '' where the kubeconfig has another way to say who one is. */
async function kubeconfigToken(options: PostOptions): Promise<string> {
  const { loadConnection } = await import('../shared/kube/config.ts')
  const { headers } = await loadConnection(options)
    .then((connection) => connection.authorize())
    .catch((error: unknown) => {
      throw clusterError(error)
    })
  return /^Bearer (.+)$/.exec(String(headers.Authorization ?? ''))?.[1] ?? ''
}

/** Of a JWT, unchecked: whoever takes the token checks it. */
function claimsOf(token: string): { aud?: unknown; sub?: unknown } {
  try {
    const claims: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())
    return typeof claims === 'object' && claims !== null ? claims : {}
  } catch {
    return {}
  }
}
