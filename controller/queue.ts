import type { Pulse } from './pulse.ts'

/**
 * `again`: wait longer each time and try once more, for ever. `unanswered`: as `again` if the API server answers others;
 * else nobody's failure. `afterMs`: no failure, but look again then.
 */
export type Verdict = 'done' | 'again' | 'unanswered' | { afterMs: number }

export interface QueueOptions {
  concurrency: number
  /** `attempt` counts from 1 since the key was last `done`. What it throws counts as `again`. */
  handle: (key: string, attempt: number) => Promise<Verdict>
  onError: (key: string, error: unknown) => void
  random: () => number
  /** While the API server does not answer nothing is taken up. */
  pulse: Pick<Pulse, 'listen' | 'hasten'>
  /** Told how long a key waited for its turn since the start, and how long it was worked on; milliseconds. */
  timing?: { clock: () => number; waited: (ms: number) => void; worked: (ms: number) => void }
}

/** Keys to be worked on: each at most once at a time, and never forgotten. */
export interface Queue {
  /** Soon. A key that is being worked on is worked on once more afterwards; one that waits out a failure waits no longer. */
  add(key: string): void
  /** Nothing is worked on before. */
  start(): void
  /** Takes up nothing more until the next start; resolves when what is being worked on has ended. Forgets no key. */
  stop(): Promise<void>
  depth(): { waiting: number; running: number; delayed: number }
}

const BASE_MS = 500
const CAP_MS = 300_000
/** The draw may be 0; nothing may run hot. */
const FLOOR_MS = 50

/** Full jitter: many that failed together do not come back together. */
export function retryDelay(attempt: number, random: () => number): number {
  return Math.max(FLOOR_MS, random() * Math.min(CAP_MS, BASE_MS * 2 ** Math.min(attempt, 30)))
}

export function createQueue({ concurrency, handle, onError, random, pulse, timing }: QueueOptions): Queue {
  /** Each with the time since which it waits. */
  const waiting = new Map<string, number>()
  const running = new Set<string>()
  const onceMore = new Set<string>()
  const attempts = new Map<string, number>()
  const delayed = new Map<string, NodeJS.Timeout>()
  /** Got no answer, and the server is being asked whether it gives any; the attempt by key. */
  const doubtful = new Map<string, number>()
  const idle: (() => void)[] = []
  let active = false
  let activeSince = 0
  /** Nothing is taken up in doubt or silence. */
  let server: 'answers' | 'doubted' | 'silent' = 'answers'

  function add(key: string): void {
    clearTimeout(delayed.get(key))
    delayed.delete(key)
    doubtful.delete(key)
    if (running.has(key)) onceMore.add(key)
    else wait(key)
    pump()
  }

  const now = () => timing?.clock() ?? 0

  function wait(key: string): void {
    if (!waiting.has(key)) waiting.set(key, now())
  }

  function pump(): void {
    while (active && server === 'answers' && running.size < concurrency) {
      const { value, done } = waiting.entries().next()
      if (done) return
      const [key, since] = value
      waiting.delete(key)
      timing?.waited(now() - Math.max(since, activeSince))
      void work(key)
    }
  }

  async function work(key: string): Promise<void> {
    running.add(key)
    const attempt = (attempts.get(key) ?? 0) + 1
    const started = now()
    const verdict = await verdictOf(key, attempt)
    timing?.worked(now() - started)
    running.delete(key)
    if (verdict === 'again') attempts.set(key, attempt)
    else if (verdict !== 'unanswered') attempts.delete(key)
    if (onceMore.delete(key)) wait(key)
    else if (verdict !== 'done') {
      if (!active) wait(key)
      else if (verdict === 'again') delay(key, retryDelay(attempt, random))
      else if (verdict === 'unanswered') doubtful.set(key, attempt)
      else delay(key, verdict.afterMs)
    }
    if (verdict === 'unanswered' && active) ask()
    if (running.size === 0) for (const resolve of idle.splice(0)) resolve()
    pump()
  }

  async function verdictOf(key: string, attempt: number): Promise<Verdict> {
    try {
      return await handle(key, attempt)
    } catch (error) {
      onError(key, error)
      return 'again'
    }
  }

  function delay(key: string, ms: number): void {
    const timer = setTimeout(() => add(key), ms)
    delayed.set(key, timer)
  }

  function ask(): void {
    if (server === 'silent') forgive()
    else {
      server = 'doubted'
      pulse.hasten()
    }
  }

  pulse.listen((answered) => {
    server = answered ? 'answers' : 'silent'
    if (answered) blame()
    else forgive()
    pump()
  })

  /** Others got their answers. */
  function blame(): void {
    for (const [key, attempt] of doubtful) {
      attempts.set(key, attempt)
      delay(key, retryDelay(attempt, random))
    }
    doubtful.clear()
  }

  /** The failures of late are nobody's, or tried again all together: none of them is waited out. */
  function forgive(): void {
    for (const timer of delayed.values()) clearTimeout(timer)
    for (const key of [...doubtful.keys(), ...delayed.keys()]) wait(key)
    doubtful.clear()
    delayed.clear()
  }

  return {
    add,
    start() {
      if (!active) activeSince = now()
      active = true
      pump()
    },
    stop() {
      active = false
      forgive()
      return running.size === 0 ? Promise.resolve() : new Promise((resolve) => idle.push(resolve))
    },
    depth: () => ({ waiting: waiting.size, running: running.size, delayed: delayed.size + doubtful.size }),
  }
}
