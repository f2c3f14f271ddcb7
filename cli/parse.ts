import { CommanderError } from 'commander'
import { createProgram, type Go } from './program.ts'

/** Parses the arguments and runs the command that they name; notes in `settings` the flags that all commands have. */
export async function parse(args: readonly string[], settings: object, go: Go): Promise<number> {
  const note = () => Object.assign(settings, program.opts())
  const noting: Go = (action) => {
    note()
    return go(action)
  }
  const program = createProgram(noting)
  try {
    await program.parseAsync(args, { from: 'user' })
    return 0
  } catch (error) {
    note()
    if (error instanceof CommanderError && isHelp(error)) return error.exitCode === 0 ? 0 : 2
    throw error
  }
}

/** Commander ends with an error also after help and version. */
const isHelp = ({ code }: CommanderError): boolean =>
  code === 'commander.helpDisplayed' || code === 'commander.help' || code === 'commander.version'
