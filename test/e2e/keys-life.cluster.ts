import { keysContract } from '../contract/keys-suite.ts'
import { REAL_START_MS, realCluster } from '../contract/real.ts'

keysContract(realCluster, REAL_START_MS)
