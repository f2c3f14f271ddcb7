import { failoverContract } from '../contract/failover-suite.ts'
import { REAL_START_MS, realCluster } from '../contract/real.ts'

// `FAILOVER=real` takes the numbers that the controller runs with, and as long as they take.
const real = process.env.FAILOVER === 'real'
const numbers = real
  ? { leaseSeconds: 12, objects: 2_000, stoppedMs: 30_000, killedMs: 20_000 }
  : { leaseSeconds: 4, objects: 200, stoppedMs: 8_000, killedMs: 8_000 }

failoverContract(realCluster, REAL_START_MS, numbers)
