import type { Command } from 'commander'
import { addSealing } from '../../change/flags.ts'
import type { RotateFlags } from './flags.ts'

type Given = Omit<RotateFlags, 'key'> & Partial<Pick<RotateFlags, 'key'>>

export const addRotate = (
  program: Command,
  run: (words: string[], flags: RotateFlags) => Promise<void>,
): Command =>
  addSealing(
    program
      .command('rotate [word...]')
      .usage('[options] <file> <key...> | --due [path...]')
      .summary('seal new values in the place of old ones')
      .description(
        'Draws new values for keys that have a `generate` rule in the policy, and asks for those of other keys. Neither\n' +
          'old nor new ones are shown. With --due: those that are older than the policy allows, in files and folders.',
      )
      .option('--due', 'all values that are due'),
  ).action((words: string[], flags: Given) => run(words, { ...flags, key: flags.key ?? [] }))
