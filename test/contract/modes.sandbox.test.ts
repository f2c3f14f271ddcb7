import { modesContract } from './modes-suite.ts'
import { SANDBOX_START_MS, sandboxCluster } from './sandbox.ts'

modesContract(sandboxCluster, SANDBOX_START_MS)
