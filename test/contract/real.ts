import { startControlPlane } from '../controlplane/start.ts'
import type { ContractCluster } from './cluster.ts'

/** The first start on a machine builds the control plane. */
export const REAL_START_MS = 20 * 60_000

export async function realCluster(): Promise<ContractCluster> {
  const plane = await startControlPlane()
  return {
    kubeconfig: plane.kubeconfig,
    audit: plane.auditEvents,
    // It hears of new types only every half minute, or when it starts.
    typesAdded: () => plane.restart('kcm'),
    loseWatches: () => plane.restart('apiserver'),
    stop: plane.stop,
  }
}
