import { apiContract } from './api-suite.ts'
import { REAL_START_MS, realCluster } from './real.ts'

apiContract(realCluster, REAL_START_MS)
