import { childOf, sleep } from '../shared/kube/abort.ts'

/**
 * Whether the API server takes our requests. The looks at the Lease tell: they are made every second or so anyway, they
 * read and write, and who cannot make them may not work.
 */
export interface Pulse {
  /** How a look ended. */
  beat(answered: boolean): void
  /** Calls back at each beat. */
  listen(listener: (answered: boolean) => void): () => void
  /** Calls back when the server answers after it did not. */
  recovered(listener: () => void): () => void
  /** Calls back when watches have to be opened anew: at each recovery, and when it shows that they are broken. */
  renewal(listener: () => void): () => void
  /** The watches tell nothing of what has happened, though the server answers. */
  watchesBroke(): void
  /**
   * Asks for a look at once, unless the last one got no answer: a request of another got none, or the Lease has changed. While
   * a look is under way it asks for one more.
   */
  hasten(): void
  /** For who looks: waits `ms`, or less if a look is asked for. */
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
  const watching = new Set<() => void>()
  let answers = true
  let endPause: () => void = () => undefined
  /** A look was asked for since the last pause ended. */
  let asked = false

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
    renewal(listener) {
      const off = recovered(listener)
      watching.add(listener)
      return () => {
        off()
        watching.delete(listener)
      }
    },
    watchesBroke() {
      for (const listener of [...watching]) listener()
    },
    hasten() {
      if (!answers) return
      asked = true
      endPause()
    },
    async pace(ms, signal) {
      const cut = childOf(signal)
      endPause = () => cut.abort()
      if (!asked) await sleep(ms, cut.signal)
      asked = false
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
