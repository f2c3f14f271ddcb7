import { auditContract } from './audit-suite.ts'
import { REAL_START_MS, realCluster } from './real.ts'

auditContract(realCluster, REAL_START_MS, 1_000)
