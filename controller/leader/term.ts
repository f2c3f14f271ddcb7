/** What a write says that nobody may make any more. */
export class NotLeading extends Error {
  override readonly name = 'NotLeading'
  constructor() {
    super('this controller does not lead')
  }
}

/** One time of leading. It ends for good at the deadline of its last renewal, or by `end`. */
export interface Term {
  /** Aborts at its end, and cuts off what is under way. */
  signal: AbortSignal
  /** Throws if it is over, by the clock: after a pause of the whole process the timer may not have rung yet. */
  guard(): void
  /** `sentAt`: when the renewal was sent. Nobody can have seen it earlier, so nobody's waiting began earlier. */
  renewed(sentAt: number): void
  end(): void
}

export interface TermParts {
  deadlineMs: number
  /** Milliseconds that never go back, and that go on while the process is stopped. */
  clock: () => number
  ended: () => void
}

export function createTerm(sentAt: number, { deadlineMs, clock, ended }: TermParts): Term {
  const over = new AbortController()
  let renewedAt = sentAt
  let timer = arm()

  function arm(): NodeJS.Timeout {
    return setTimeout(check, Math.max(0, renewedAt + deadlineMs - clock()) + 1)
  }

  /** Whether it lasts. */
  function check(): boolean {
    if (!over.signal.aborted && clock() - renewedAt >= deadlineMs) end()
    return !over.signal.aborted
  }

  function end(): void {
    if (over.signal.aborted) return
    clearTimeout(timer)
    over.abort(new NotLeading())
    ended()
  }

  return {
    signal: over.signal,
    guard() {
      if (!check()) throw new NotLeading()
    },
    renewed(at) {
      if (!check()) return
      renewedAt = at
      clearTimeout(timer)
      timer = arm()
    },
    end,
  }
}
