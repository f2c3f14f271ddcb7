import { controllerContract } from './controller-suite.ts'
import { REAL_START_MS, realCluster } from './real.ts'

controllerContract(realCluster, REAL_START_MS)
