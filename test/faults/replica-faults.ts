import { type Controller, until } from '../support/programs.ts'
import type { Strike } from './load.ts'

export const led = (replica: Controller): boolean => replica.log().includes('"msg":"became the leader"')

/** Of several that have just started, the leader. */
export const leaderOf = (replicas: readonly Controller[]): Promise<Controller> =>
  until('a leader', async () => replicas.find(led))

/** kill -9 of the one that writes. It counts from then: nobody ends this fault but the other one. */
export const leaderKilled =
  (leader: Controller, replicas: readonly Controller[]): Strike =>
  async () => {
    const endedAt = performance.now()
    await leader.end('SIGKILL')
    const others = replicas.filter((replica) => replica !== leader)
    const meanwhile = until('another leader', async () => others.some(led)).then(() => {
      console.log(`leader killed: another leads after ${((performance.now() - endedAt) / 1000).toFixed(1)} s`)
    })
    return { endedAt, meanwhile }
  }
