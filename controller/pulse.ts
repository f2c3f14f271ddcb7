import { childOf, sleep } from '../shared/kube/abort.ts'

/**
 * Whether the API server takes our requests. The looks at the Lease tell: they are made every two seconds anyway, they
 * read and write, and who cannot make them may not work.
 */
export interface Pulse {
  /** How a look ended. */
  beat(answered: boolean): void
  /** Calls back at each beat. */
  listen(listener: (answered: boolean) => void): () => void
  /** Calls back when the server answers after it did not. */
  recovered(listener: () => void): () => void
  /** A request got no answer: asks for a look at once, unless the last one got none either. */
  doubt(): void
  /** For who looks: waits `ms`, or less if there is a doubt. */
  pace(ms: number, signal: AbortSignal): Promise<void>
  /** For who waits out a failure: waits `ms`, or until soon after the server answers again. */
  rest(ms: number, signal: AbortSignal): Promise<void>
}

/** Who waited out one outage does not come back at one moment. */
const SPREAD_MS = 500
/** A server that has just started refuses this and that for so long; who is refused meanwhile does not wait long. */
const SETTLING_MS = 15_000
const SETTLING_REST_MS = 1_000

export function createPulse(random: () => number, clock: () => number): Pulse {
  let recoveredAt = Number.NEGATIVE_INFINITY
  const listeners = new Set<(answered: boolean) => void>()
  let answers = true
  let hasten: () => void = () => undefined

  function listen(listener: (answered: boolean) => void): () => void {
    listeners.add(listener)
    return () => void listeners.delete(listener)
  }

  function recovered(listener: () => void): () => void {
    return listen((answered) => {
      if (answered && !answers) listener()
    })
  }

  return {
    beat(answered) {
      if (answered && !answers) recoveredAt = clock()
      // The listeners see what was before.
      for (const listener of [...listeners]) listener(answered)
      answers = answered
    },
    listen,
    recovered,
    doubt() {
      if (answers) hasten()
    },
    async pace(ms, signal) {
      const cut = childOf(signal)
      hasten = () => cut.abort()
      await sleep(ms, cut.signal)
      cut.release()
    },
    async rest(ms, signal) {
      const cut = childOf(signal)
      let early = false
      const off = recovered(() => {
        early = true
        cut.abort()
      })
      const settling = clock() - recoveredAt < SETTLING_MS
      await sleep(settling ? Math.min(ms, SETTLING_REST_MS) : ms, cut.signal)
      off()
      cut.release()
      if (early) await sleep(random() * SPREAD_MS, signal)
    },
  }
}
