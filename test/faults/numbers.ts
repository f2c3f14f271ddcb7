/** `FAULTS=soak` takes the times and the log level that the controller runs with, and ten times as many objects. */
const soak = process.env.FAULTS === 'soak'

export const OBJECTS = soak ? 2_000 : 200
export const STARTS = 20
export const LEASE_SECONDS = soak ? 12 : 5
export const LOG_LEVEL = soak ? 'info' : 'debug'
/** How long a fault lasts that the test ends. Longer than a leader may go without its lease. */
export const LASTS_MS = soak ? 20_000 : 6_000
/** Over how long the load is spread. */
export const LOAD_MS = soak ? 10_000 : 3_000

/** How long after the end of a fault everything is as it should be, at most. */
export const CONVERGED_S = 15
export const LEADER_KILLED_S = 20
export const HALF_OPEN_S = 30
/** For one fault with everything around it. */
export const TEST_MS = soak ? 600_000 : 180_000
/** With few objects what has nothing to do with each other goes on at the same time. */
export const TOGETHER = !soak
