import { controllerContract } from './controller-suite.ts'
import { SANDBOX_START_MS, sandboxCluster } from './sandbox.ts'

controllerContract(sandboxCluster, SANDBOX_START_MS)
