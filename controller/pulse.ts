import { onAbort, sleep } from '../shared/kube/abort.ts'

/**
 * Whether the API server takes our requests. The looks at the Lease tell: they are made every two seconds anyway, they
 * read and write, and who cannot make them may not work.
 */
export interface Pulse {
  /** How a look ended. */
  beat(answered: boolean): void
  /** Calls back at each beat. */
  listen(listener: (answered: boolean) => void): () => void
  /** A request got no answer: asks for a look at once, unless the last one got none either. */
  doubt(): void
  /** For who looks: waits `ms`, or less if there is a doubt. */
  pace(ms: number, signal: AbortSignal): Promise<void>
  /** For who waits out a failure: waits `ms`, or until soon after the server answers again. */
  rest(ms: number, signal: AbortSignal): Promise<void>
}

/** Who waited out one outage does not come back at one moment. */
const SPREAD_MS = 500

export function createPulse(random: () => number): Pulse {
  const listeners = new Set<(answered: boolean) => void>()
  let answers = true
  let hasten: () => void = () => undefined

  function listen(listener: (answered: boolean) => void): () => void {
    listeners.add(listener)
    return () => void listeners.delete(listener)
  }

  return {
    beat(answered) {
      // The listeners see what was before.
      for (const listener of [...listeners]) listener(answered)
      answers = answered
    },
    listen,
    doubt() {
      if (answers) hasten()
    },
    async pace(ms, signal) {
      const cut = cutBy(signal)
      hasten = () => cut.end()
      await sleep(ms, cut.signal)
      cut.release()
    },
    async rest(ms, signal) {
      const cut = cutBy(signal)
      let recovered = false
      const off = listen((answered) => {
        if (!answered || answers) return
        recovered = true
        cut.end()
      })
      await sleep(ms, cut.signal)
      off()
      cut.release()
      if (recovered) await sleep(random() * SPREAD_MS, signal)
    },
  }
}

function cutBy(signal: AbortSignal) {
  const cut = new AbortController()
  const end = () => cut.abort()
  if (signal.aborted) end()
  return { signal: cut.signal, end, release: onAbort(signal, end) }
}
