import { auditContract } from './audit-suite.ts'
import { SANDBOX_START_MS, sandboxCluster } from './sandbox.ts'

auditContract(sandboxCluster, SANDBOX_START_MS, 100)
