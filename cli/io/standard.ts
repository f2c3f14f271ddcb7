import { fstatSync, writeSync } from 'node:fs'

/**
 * Standard output and error by their descriptors: the runtime's own streams take milliseconds to load, a third of what a
 * short command lasts.
 */
export interface Output {
  readonly isTTY?: boolean
  write(text: string, done?: (error?: Error | null) => void): unknown
}

export function standard(): { stdout: Output; stderr: Output; env: NodeJS.ProcessEnv } {
  return { stdout: output(1, 'stdout'), stderr: output(2, 'stderr'), env: process.env }
}

function output(file: number, name: 'stdout' | 'stderr'): Output {
  let full = false
  return {
    get isTTY() {
      return isTerminal(file)
    },
    write(text, done) {
      let rest: Uint8Array = Buffer.from(text)
      try {
        while (!full && rest.length > 0) rest = rest.subarray(writeSync(file, rest))
      } catch (error) {
        // A pipe that somebody made non-blocking and nobody has emptied: the stream can wait for its reader.
        full = (error as NodeJS.ErrnoException).code === 'EAGAIN'
        if (!full) return done?.(error as Error)
      }
      if (rest.length === 0) return done?.()
      // The failed write itself says so; without a listener the event would end the program loudly.
      if (process[name].listenerCount('error') === 0) process[name].on('error', () => {})
      process[name].write(rest, done)
    },
  }
}

function isTerminal(file: number): boolean {
  try {
    return fstatSync(file).isCharacterDevice() && process.getBuiltinModule('node:tty').isatty(file)
  } catch {
    return false
  }
}
