import { pino } from 'pino'
import type { LineWriter } from './file.ts'

/** Among the lines of the log, which are written in the same way: each as a whole, and before anything else goes on. */
export function stdoutLines(): LineWriter {
  const stdout = pino.destination({ dest: 1, sync: true })
  return {
    write(lines) {
      for (const line of lines) stdout.write(line)
      return { taken: lines.length }
    },
  }
}
