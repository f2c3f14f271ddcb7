import { SealError } from '../shared/errors.ts'
import { readSealedSecret } from '../shared/format/schema.ts'
import type { SealedSecret } from '../shared/format/sealed-secret.ts'
import type { KubeObject, ObjectId } from '../shared/kube/port.ts'
import { type ClusterOptions, clusterError, connectOnly } from './cluster.ts'

/** How an object stands in the cluster, by its condition `Ready`. */
export interface ClusterStatus {
  ready: 'True' | 'False' | 'Unknown'
  reason?: string
  since?: string
}

interface WithStatus extends KubeObject {
  status?: { conditions?: { type: string; status: string; reason?: string; lastTransitionTime?: string }[] }
}

/** Asks for objects one after the other; undefined for those that are not there. */
export async function objectsInCluster(
  ids: readonly ObjectId[],
  options: ClusterOptions,
  signal: AbortSignal,
): Promise<({ object: WithStatus; status: ClusterStatus } | undefined)[]> {
  const kube = await connectOnly(options, HINT)
  const [{ SEALED_SECRETS }, { isNotFound }] = await Promise.all([
    import('../shared/kube/resources.ts'),
    import('../shared/kube/errors.ts'),
  ])
  try {
    const found = []
    for (const id of ids) {
      const object = await kube.get<WithStatus>(SEALED_SECRETS, id, { signal }).catch((error: unknown) => {
        if (isNotFound(error)) return undefined
        throw signal.aborted ? signal.reason : clusterError(error)
      })
      found.push(object && { object, status: statusOf(object) })
    }
    return found
  } finally {
    kube.close()
  }
}

const HINT = 'Give a kubeconfig, or the name of a file.'

function statusOf({ status }: WithStatus): ClusterStatus {
  const ready = status?.conditions?.find(({ type }) => type === 'Ready')
  if (ready?.status !== 'True' && ready?.status !== 'False') return { ready: 'Unknown' }
  const { reason, lastTransitionTime: since } = ready
  return {
    ready: ready.status,
    ...(reason === undefined ? {} : { reason }),
    ...(since === undefined ? {} : { since }),
  }
}

/** What a cluster gives is no more trusted than a file. */
export function sealedOf(object: KubeObject, name: string): SealedSecret {
  try {
    return readSealedSecret({ apiVersion: 'waxwing.dev/v1alpha1', kind: 'SealedSecret', ...object })
  } catch (error) {
    if (!(error instanceof SealError)) throw error
    throw new SealError(error.code, error.message, { ...error, where: { file: name } })
  }
}
