import { SealError } from '../shared/errors.ts'
import { readSealedSecret } from '../shared/format/schema.ts'
import type { SealedSecret } from '../shared/format/sealed-secret.ts'
import { sealedSecretObject } from '../shared/format/write.ts'
import type { ApiError } from '../shared/kube/errors.ts'
import type { Kube } from '../shared/kube/port.ts'
import { renewalOf, takeWraps } from '../shared/ops/edit/rewrap.ts'
import { type ClusterOptions, clusterError, connectOnly } from './cluster.ts'
import { callerToken, type PostOptions } from './cluster-token.ts'
import { fromService } from './service.ts'

/** What the controller of a cluster is asked about single objects, through the API server's service proxy. */
export interface ClusterPosts {
  /** false: the controller refuses, and does not say why. */
  verify(sealed: SealedSecret): Promise<boolean>
  /** undefined: the same. `own`: the cluster's keys, whose wraps it may take away. */
  rewrap(sealed: SealedSecret, own: ReadonlySet<string>): Promise<SealedSecret | undefined>
  /** Of all its sealing keys, retired ones too. */
  keyIds(): Promise<Set<string>>
  close(): void
}

export async function connectPosts(options: PostOptions, signal: AbortSignal): Promise<ClusterPosts> {
  const kube = await connectOnly(options, HINT)
  try {
    const base = await findService(kube, options, signal)
    const token = await callerToken(kube, options, signal)
    return posts(kube, base, token, signal)
  } catch (error) {
    kube.close()
    throw error
  }
}

const HINT = 'Give a kubeconfig with `--kubeconfig` or `--context`.'

function posts(kube: Kube, base: string, token: string, signal: AbortSignal): ClusterPosts {
  const headers = { 'X-Waxwing-Token': token }

  async function ask(route: string, sealed: SealedSecret): Promise<string | undefined> {
    try {
      return await kube.post(`${base}/v1/${route}`, JSON.stringify(sealedSecretObject(sealed)), {
        signal,
        headers,
      })
    } catch (error) {
      if (signal.aborted) throw signal.reason
      const { status } = error as Partial<ApiError>
      if (status === 403) return undefined
      if (status === 404)
        throw new SealError('cluster', 'the controller does not answer this: it may not review who asks', {
          hint: 'Set `reviewCallers: true` in the values of its chart, see docs/http.md.',
        })
      throw clusterError(error)
    }
  }

  return {
    verify: async (sealed) => (await ask('verify', sealed)) !== undefined,
    async rewrap(sealed, own) {
      const text = await ask('rewrap', sealed)
      if (text === undefined) return undefined
      const after = takeWraps(sealed, readAnswer(text))
      if (renewalOf(sealed, after).gone.every((id) => own.has(id))) return after
      throw new SealError('cluster-answer', "the controller took away a wrap that is none of its keys'")
    },
    async keyIds() {
      const text = await kube.raw(`${base}/v1/keys?all=1`, { signal }).catch((error: unknown) => {
        throw signal.aborted ? signal.reason : clusterError(error)
      })
      const { parseKeys } = await import('./keys.ts')
      return new Set((await parseKeys('the controller', text)).map(({ id }) => id))
    },
    close: () => kube.close(),
  }
}

function readAnswer(text: string): SealedSecret {
  try {
    return readSealedSecret(JSON.parse(text))
  } catch {
    throw new SealError('cluster-answer', 'the controller answered with no SealedSecret')
  }
}

async function findService(kube: Kube, options: ClusterOptions, signal: AbortSignal): Promise<string> {
  try {
    return (await fromService(kube, '/v1/openapi.json', options, signal)).base
  } catch (error) {
    if (signal.aborted) throw signal.reason
    const { code, message } = clusterError(error)
    throw new SealError(code, `asking the controller: ${message}`, {
      hint: 'Check your right to `services/proxy` of it, and --controller-namespace, --controller-name.',
    })
  }
}
