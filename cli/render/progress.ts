import type { Paint } from './paint.ts'

/** A bar on the terminal while many files are read; nothing anywhere else. */
export interface Progress {
  at(done: number): void
  /** Takes the bar away. */
  end(): void
}

export const noProgress: Progress = { at() {}, end() {} }

/** Fewer are done before anybody has read the bar. */
export const MANY = 50
const WIDTH = 24
const PAUSE_MS = 100
const CLEAR = '\r\u001b[K'

export function progressBar(
  write: (text: string) => void,
  paint: Paint,
  total: number,
  what: string,
  now: () => number,
): Progress {
  let last = now()
  let shown = false
  return {
    at(done) {
      if (now() - last < PAUSE_MS) return
      last = now()
      shown = true
      const filled = Math.floor((WIDTH * done) / total)
      const bar = paint('green', '█'.repeat(filled)) + paint('dim', '░'.repeat(WIDTH - filled))
      write(`${CLEAR}${bar} ${done} of ${total} ${what}`)
    },
    end() {
      if (shown) write(CLEAR)
      shown = false
    },
  }
}
