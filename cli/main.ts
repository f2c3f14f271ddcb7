#!/usr/bin/env node
import { CommanderError } from 'commander'
import { createProgram, type Go } from './program.ts'
import { openTerminal, type TerminalOptions } from './terminal.ts'

const INTERRUPTED = 130
/** What a shell reports of a program that SIGPIPE ended: the reader of our output went away. */
const PIPE_CLOSED = 141
/** For a command that does not end by itself after Ctrl-C. */
const PATIENCE_MS = 10_000

interface Options extends TerminalOptions {
  debug?: boolean
}

async function main(args: readonly string[]): Promise<number> {
  const interrupt = new AbortController()
  process.on('SIGINT', () => {
    if (interrupt.signal.aborted) process.exit(INTERRUPTED)
    interrupt.abort()
    setTimeout(() => process.exit(INTERRUPTED), PATIENCE_MS).unref()
  })
  // The failed write itself says so; without a listener the event would end the program loudly.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})

  let exitCode = 0
  const go: Go = async (action) => {
    const result = await action(openTerminal(process, program.opts<Options>()), interrupt.signal)
    if (typeof result === 'number') exitCode = result
  }
  const program = createProgram(go)
  try {
    await program.parseAsync(args, { from: 'user' })
    return exitCode
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EPIPE') return PIPE_CLOSED
    const options = program.opts<Options>()
    if (interrupt.signal.aborted) {
      openTerminal(process, options).say('error', 'interrupted; nothing was written')
      return INTERRUPTED
    }
    if (error instanceof CommanderError && isHelp(error)) return error.exitCode === 0 ? 0 : 2
    const { report } = await import('./report.ts')
    return report(error, openTerminal(process, options), options.debug === true)
  }
}

/** Commander ends with an error also after help and version. */
const isHelp = ({ code }: CommanderError): boolean =>
  code === 'commander.helpDisplayed' || code === 'commander.help' || code === 'commander.version'

process.exitCode = await main(process.argv.slice(2))
