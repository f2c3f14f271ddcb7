import { apiContract } from './api-suite.ts'
import { SANDBOX_START_MS, sandboxCluster } from './sandbox.ts'

apiContract(sandboxCluster, SANDBOX_START_MS)
