import type { Command } from 'commander'
import type { ClusterOptions } from '../cluster.ts'
import { addCluster, allow, list } from '../flags.ts'

/** Of every command that changes a SealedSecret in its file. */
export interface ChangeFlags {
  name?: string
  dryRun?: boolean
  diff?: boolean
  yes?: boolean
}

/** Of those that seal new values as well. */
export interface SealingFlags extends ChangeFlags, ClusterOptions {
  key: string[]
  recipientsOf?: string
  allow?: string[]
  allowExpired?: boolean
}

export const addChange = (command: Command): Command =>
  command
    .option('--name <name>', 'which SealedSecret, where the file has several: NAME or NAMESPACE/NAME')
    .option('--dry-run', 'say what would change, and write nothing')
    .option('--diff', 'print the change as a patch')
    .option('-y, --yes', 'do not ask')

export const addSealing = (command: Command): Command =>
  addCluster(
    addChange(
      command.addOption(
        list(
          '-k, --key <file>',
          "file of the recipients' public keys, repeatable; else those of the policy, else the cluster's",
        ),
      ),
    )
      .option('--recipients-of <envelope>', 'seal for the recipients of this envelope, where they differ')
      .addOption(allow())
      .option('--allow-expired', 'seal to a key that is more than 90 days past its date'),
  )
