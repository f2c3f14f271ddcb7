/**
 * One listener per AbortSignal, however many calls wait on it. Each call adding its own would make Node print
 * MaxListenersExceededWarning as soon as eleven are in flight.
 */

type Callback = (reason: unknown) => void

interface Waiting {
  callbacks: Set<Callback>
  listener: () => void
}

const waitingOn = new WeakMap<AbortSignal, Waiting>()

/**
 * Runs `callback` when the signal aborts. Returns the function that takes it back; the last one takes the listener off
 * the signal, so that signals made per call can be collected. A signal that has aborted already calls nobody.
 */
export function onAbort(signal: AbortSignal | undefined, callback: Callback): () => void {
  if (signal === undefined) return () => undefined
  const waiting = waitingOn.get(signal) ?? listen(signal)
  waiting.callbacks.add(callback)
  return () => {
    if (!waiting.callbacks.delete(callback) || waiting.callbacks.size > 0) return
    signal.removeEventListener('abort', waiting.listener)
    waitingOn.delete(signal)
  }
}

function listen(signal: AbortSignal): Waiting {
  const callbacks = new Set<Callback>()
  const listener = () => {
    for (const callback of [...callbacks]) callback(signal.reason)
  }
  const waiting = { callbacks, listener }
  waitingOn.set(signal, waiting)
  signal.addEventListener('abort', listener, { once: true })
  return waiting
}

/** A signal that aborts with another one, or by itself. Whoever made it releases it. */
export function childOf(parent: AbortSignal | undefined) {
  const child = new AbortController()
  const abort = (reason?: unknown) => child.abort(reason)
  if (parent?.aborted) abort(parent.reason)
  return { signal: child.signal, abort, release: onAbort(parent, abort) }
}

/** Waits `ms`, or less if the signal aborts; never throws. */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted) return Promise.resolve()
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer)
      release()
      resolve()
    }
    const timer = setTimeout(done, ms)
    const release = onAbort(signal, done)
  })
}
