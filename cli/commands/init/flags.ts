import { type Command, Option } from 'commander'
import type { ClusterOptions } from '../../cluster.ts'
import { addCluster, list } from '../../flags.ts'

export interface InitFlags extends Omit<ClusterOptions, 'context'> {
  context: string[]
  key: string[]
  recovery?: string
  seedOut?: string
  recoveryKey?: string
  keys: string
  dryRun?: boolean
  yes?: boolean
}

/** Names, flags and help of `init`. */
export function declareInit(program: Command): Command {
  const folder = new Option('--keys <folder>', 'folder for the key files').default('keys')
  const command = program
    .command('init')
    .summary('write a policy: who is to open the Secrets of this repository')
    .description(
      'Writes .waxwing.yaml into the current folder, and the public keys that it pins beside it.\n' +
        'Recipients are the clusters of the contexts that are named, keys that are there already, and a recovery key.',
    )
    .addOption(list('-k, --key <file>', 'file of public keys that are recipients too, repeatable'))
    .addOption(
      new Option('--recovery <name>', 'make a recovery key of this name; needs --seed-out').conflicts(
        'recoveryKey',
      ),
    )
    .option('--seed-out <file>', 'new file for its private key, outside of the git work tree')
    .option('--recovery-key <file>', 'public key file of a recovery key that is there already')
    .addOption(folder)
    .option('--dry-run', 'show what would be written, and write nothing')
    .option('-y, --yes', 'do not ask')
  return addCluster(command, 'each')
}
