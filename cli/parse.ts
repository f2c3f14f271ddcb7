import { CommanderError } from 'commander'
import { createProgram, type Go } from './program.ts'
import { usage } from './refused.ts'

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
    if (!(error instanceof CommanderError)) throw error
    if (isHelp(error)) return error.exitCode === 0 ? 0 : 2
    throw wrongUsage(error)
  }
}

/** Commander ends with an error also after help and version. */
const isHelp = ({ code }: CommanderError): boolean =>
  code === 'commander.helpDisplayed' || code === 'commander.help' || code === 'commander.version'

/** "error: unknown command 'sael'\n(Did you mean seal?)" */
function wrongUsage({ message }: CommanderError): Error {
  const [first = '', ...rest] = message.replace(/^error: /, '').split('\n')
  const guess = /\(Did you mean (.*)\?\)/.exec(rest.join(' '))?.[1]
  return usage(first, guess === undefined ? undefined : `Did you mean \`${guess}\`?`)
}
