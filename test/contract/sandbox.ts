import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startSandbox } from '../../shared/sandbox/start.ts'
import type { ContractCluster } from './cluster.ts'

export const SANDBOX_START_MS = 30_000

export async function sandboxCluster(): Promise<ContractCluster> {
  const sandbox = await startSandbox()
  const dir = await mkdtemp(join(tmpdir(), 'waxwing-contract-'))
  const kubeconfig = join(dir, 'kubeconfig')
  await writeFile(kubeconfig, sandbox.kubeconfig(), { mode: 0o600 })
  return {
    kubeconfig,
    audit: async () => sandbox.audit(),
    typesAdded: async () => {},
    async loseWatches() {
      sandbox.cutWatches()
      sandbox.compact()
    },
    async stop() {
      await sandbox.stop()
      await rm(dir, { recursive: true, force: true })
    },
  }
}
