import { modesContract } from './modes-suite.ts'
import { REAL_START_MS, realCluster } from './real.ts'

modesContract(realCluster, REAL_START_MS)
