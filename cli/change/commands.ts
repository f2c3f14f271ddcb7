import type { Command } from 'commander'
import type { EditFlags } from '../commands/edit.ts'
import type { RenameFlags } from '../commands/rename-key.ts'
import type { SetFlags } from '../commands/set.ts'
import { list } from '../flags.ts'
import type { Terminal } from '../terminal.ts'
import { addChange, addSealing, type ChangeFlags } from './flags.ts'

type Repeatable<Flags, Name extends keyof Flags> = Omit<Flags, Name> & Partial<Pick<Flags, Name>>

type Go = (action: (terminal: Terminal, signal: AbortSignal) => Promise<unknown>) => Promise<void>

/** The commands that change a SealedSecret in its file. */
export function addChangeCommands(
  program: Command,
  go: Go,
): Record<'set' | 'unset' | 'rename-key' | 'edit', Command> {
  return {
    set: addSet(program, go),
    unset: addUnset(program, go),
    'rename-key': addRename(program, go),
    edit: addEdit(program, go),
  }
}

const addSet = (program: Command, go: Go): Command =>
  addSealing(
    program
      .command('set <file> <key...>')
      .summary('seal new values into a SealedSecret')
      .description(
        'Seals values into a SealedSecret in its file, for the recipients that it has; no private key is needed.\n' +
          'KEY asks for the value, KEY=VALUE gives it. All other bytes of the file stay as they are.',
      )
      .option('--stdin', 'take the value of the one KEY from standard input, byte for byte')
      .option('--from-file <path>', 'take it from a file'),
  ).action((file: string, keys: string[], flags: Repeatable<SetFlags, 'key'>) =>
    go(async (terminal, signal) => {
      const { runSet } = await import('../commands/set.ts')
      return runSet(file, keys, { ...flags, key: flags.key ?? [] }, terminal, signal)
    }),
  )

const addUnset = (program: Command, go: Go): Command =>
  addChange(
    program
      .command('unset <file> <key...>')
      .summary('remove values from a SealedSecret')
      .description('Removes values from a SealedSecret in its file. No key is needed.'),
  ).action((file: string, keys: string[], flags: ChangeFlags) =>
    go(async (terminal, signal) => {
      const { runUnset } = await import('../commands/unset.ts')
      return runUnset(file, keys, flags, terminal, signal)
    }),
  )

const seed = () => list('--seed <file>', 'file of private keys, repeatable')

const addRename = (program: Command, go: Go): Command =>
  addSealing(
    program
      .command('rename-key <file> <old> <new>')
      .summary('give a value another key')
      .description(
        "Gives a value of a SealedSecret another data key. The key's name is sealed with the value, so a private key\n" +
          'has to open it.',
      )
      .addOption(seed()),
  ).action((file: string, from: string, to: string, flags: Repeatable<RenameFlags, 'key' | 'seed'>) =>
    go(async (terminal, signal) => {
      const { runRenameKey } = await import('../commands/rename-key.ts')
      const all = { ...flags, key: flags.key ?? [], seed: flags.seed ?? [] }
      return runRenameKey(file, [from, to], all, terminal, signal)
    }),
  )

const addEdit = (program: Command, go: Go): Command =>
  addSealing(
    program
      .command('edit <file>')
      .summary('change a SealedSecret in an editor')
      .description(
        'Opens $VISUAL or $EDITOR with the values and the template of a SealedSecret. A sealed value shows as\n' +
          '`<sealed …>`: what is left so stays as it is, what is written in its place is sealed.',
      )
      .addOption(list('--seed <file>', 'file of private keys to show the values with, repeatable')),
  ).action((file: string, flags: Repeatable<EditFlags, 'key' | 'seed'>) =>
    go(async (terminal, signal) => {
      const { runEdit } = await import('../commands/edit.ts')
      return runEdit(file, { ...flags, key: flags.key ?? [], seed: flags.seed ?? [] }, terminal, signal)
    }),
  )
