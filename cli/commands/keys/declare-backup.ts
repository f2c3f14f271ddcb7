import { type Command, Option } from 'commander'
import { addCluster, list, textOrJson } from '../../flags.ts'
import type { Terminal } from '../../terminal.ts'
import type { BackupFlags } from '../keys-backup.ts'
import type { RestoreFlags } from '../keys-restore.ts'

type Go = (action: (terminal: Terminal, signal: AbortSignal) => Promise<unknown>) => Promise<void>

const passphraseFile = () =>
  new Option('--passphrase-file <file>', 'file with the passphrase as its only line; - is standard input')

export const addBackup = (keys: Command, go: Go): Command =>
  addCluster(
    keys
      .command('backup')
      .summary("keep a cluster's private keys in a file")
      .description(
        'Writes all private keys of the cluster into one file, Bitnami ones included, which a passphrase or the private key\n' +
          'of a recipient opens. Without -k and without --passphrase-file it asks for a passphrase, twice.',
      )
      .requiredOption('--out <file>', 'the file, which only you can read')
      .addOption(list('-k, --key <file>', 'file of public keys whose holders can open it, repeatable'))
      .addOption(passphraseFile())
      .option('--force', 'write over a file that is there')
      .option('--allow-wrapped', 'keep seeds that only a KMS or Vault opens as well'),
  ).action((flags: Omit<BackupFlags, 'key'> & Partial<Pick<BackupFlags, 'key'>>) =>
    go(async (terminal, signal) => {
      const { runKeysBackup } = await import('../keys-backup.ts')
      return runKeysBackup({ ...flags, key: flags.key ?? [] }, terminal, signal)
    }),
  )

export const addRestore = (keys: Command, go: Go): Command =>
  addCluster(
    keys
      .command('restore <file>')
      .summary('bring the keys of a backup into a cluster')
      .description(
        'Makes the keys of a backup in the cluster of the kube context, as active or retired as they were. Keys that are there\n' +
          'stay as they are, and nothing is written over.',
      )
      .addOption(list('--seed <file>', 'file of private keys that open it, repeatable; else the passphrase'))
      .addOption(passphraseFile())
      .option('--list', 'say what is in it, without a cluster')
      .addOption(textOrJson())
      .option('--dry-run', 'say what would be restored')
      .option('-y, --yes', 'do not ask'),
  ).action((file: string, flags: Omit<RestoreFlags, 'seed'> & Partial<Pick<RestoreFlags, 'seed'>>) =>
    go(async (terminal, signal) => {
      const { runKeysRestore } = await import('../keys-restore.ts')
      return runKeysRestore(file, { ...flags, seed: flags.seed ?? [] }, terminal, signal)
    }),
  )
