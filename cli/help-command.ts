import type { Command } from 'commander'
import { usage } from './refused.ts'

/** `help [command...]` below each command that has others below it; Commander's own guesses nothing. */
export function addHelpCommands(parent: Command): void {
  for (const child of parent.commands) addHelpCommands(child)
  if (parent.commands.length === 0) return
  parent.helpCommand(false)
  parent
    .command('help [command...]')
    .description('show the help of a command')
    .action((words: string[]) => words.reduce(childOf, parent).help())
}

function childOf(parent: Command, word: string): Command {
  const child = parent.commands.find((one) => one.name() === word || one.aliases().includes(word))
  if (child) return child
  // What Commander says of the word as a command: its guess is the one that people know.
  if (parent.commands.length > 0) parent.parse([word], { from: 'user' })
  throw usage(`unknown command '${word}'`)
}
