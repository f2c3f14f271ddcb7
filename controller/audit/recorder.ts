import type { Log } from '../log.ts'
import { type Audit, type Entry, lineOf } from './entry.ts'
import type { LineWriter } from './file.ts'

export interface RecorderParts {
  writer: LineWriter
  instance: string
  now: () => number
  log: Pick<Log, 'info' | 'error'>
  /** Lines that were written, or lost. */
  counted: (result: 'written' | 'lost', lines: number) => void
}

export interface Recorder {
  record: Audit
  /** For the end: writes what waits, and says how many lines cannot be written any more. */
  close(): void
}

/** As many wait for a disk that takes nothing; what comes then is lost, and counted. */
const MOST_HELD = 1_000
const RETRY_MS = 1_000

/**
 * Entries become lines at once, and lines are written together at the end of the turn of the loop in which they came. A
 * disk that takes nothing stops no work: some lines are held, the others counted, and the count is written as soon as
 * there is room again.
 */
export function createRecorder({ writer, instance, now, log, counted }: RecorderParts): Recorder {
  let seq = 0
  let held: string[] = []
  let lost = 0
  let scheduled = false
  /** Nothing is taken now, so that lines wait for the next try. */
  let stuck = false
  let retrying = false
  let told: string | undefined

  function stamped(entry: Entry): string {
    seq += 1
    return lineOf(entry, { now: now(), instance, seq })
  }

  function schedule(): void {
    if (scheduled || stuck) return
    scheduled = true
    setImmediate(flush)
  }

  function flush(): void {
    scheduled = false
    if (held.length === 0 && told === undefined) return
    const { taken, problem } = writer.write(held)
    held = held.slice(taken)
    stuck = held.length > 0
    if (taken > 0) counted('written', taken)
    tell(problem?.message)
    if (lost > 0 && held.length < MOST_HELD) {
      // Behind those that waited, and before those that come.
      held.push(stamped({ type: 'audit', action: 'lost', count: lost }))
      lost = 0
    }
    if (held.length > 0) schedule()
    if (!problem || retrying) return
    retrying = true
    setTimeout(again, RETRY_MS).unref()
  }

  function again(): void {
    retrying = false
    flush()
  }

  function tell(why: string | undefined): void {
    if (why === told) return
    if (why === undefined) log.info({}, 'the audit log is all right again')
    else log.error({ why }, 'the audit log is in trouble; the work goes on')
    told = why
  }

  return {
    record(entry) {
      if (held.length >= MOST_HELD && !stuck) flush()
      if (held.length < MOST_HELD) held.push(stamped(entry))
      else {
        seq += 1
        lost += 1
        counted('lost', 1)
      }
      schedule()
    },
    close() {
      flush()
      if (held.length === 0) return
      log.error({ lines: held.length }, 'the last lines of the audit log could not be written')
      counted('lost', held.length)
      held = []
    },
  }
}
