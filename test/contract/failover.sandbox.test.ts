import { failoverContract } from './failover-suite.ts'
import { SANDBOX_START_MS, sandboxCluster } from './sandbox.ts'

failoverContract(sandboxCluster, SANDBOX_START_MS, {
  leaseSeconds: 3,
  objects: 100,
  stoppedMs: 6_000,
  killedMs: 6_000,
})
