import { keysContract } from './keys-suite.ts'
import { SANDBOX_START_MS, sandboxCluster } from './sandbox.ts'

keysContract(sandboxCluster, SANDBOX_START_MS)
