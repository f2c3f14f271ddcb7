import { standard } from './io/standard.ts'
import type { Go } from './program.ts'
import { openTerminal, type TerminalOptions } from './terminal.ts'

const INTERRUPTED = 130
/** What a shell reports of a program that SIGPIPE ended: the reader of our output went away. */
const PIPE_CLOSED = 141
/** For a command that does not end by itself after Ctrl-C. */
const PATIENCE_MS = 10_000

interface Settings extends TerminalOptions {
  debug?: boolean
}

/** Finds the command of a line and carries it out by `go`; notes in `settings` the flags that all commands have. */
export type Dispatch = (settings: Settings, go: Go) => Promise<number>

/** Runs a command; gives the exit code. */
export async function run(dispatch: Dispatch): Promise<number> {
  const signal = onInterrupt()
  const settings: Settings = {}
  let exitCode = 0
  const go: Go = async (action) => {
    const result = await action(openTerminal(standard(), settings), signal)
    if (typeof result === 'number') exitCode = result
  }
  try {
    return (await dispatch(settings, go)) || exitCode
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EPIPE') return PIPE_CLOSED
    const terminal = openTerminal(standard(), settings)
    if (signal.aborted) {
      terminal.say('error', 'interrupted; nothing was written')
      return INTERRUPTED
    }
    const { report } = await import('./report.ts')
    return report(error, terminal, settings.debug === true)
  }
}

/** The first Ctrl-C asks the command to end, the second ends it. */
function onInterrupt(): AbortSignal {
  const interrupt = new AbortController()
  process.on('SIGINT', () => {
    if (interrupt.signal.aborted) process.exit(INTERRUPTED)
    interrupt.abort()
    setTimeout(() => process.exit(INTERRUPTED), PATIENCE_MS).unref()
  })
  return interrupt.signal
}
