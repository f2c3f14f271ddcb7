import type { Command } from 'commander'
import type { PostOptions } from '../../cluster-token.ts'
import { addAsking, list } from '../../flags.ts'

export interface RewrapFlags extends PostOptions {
  cluster?: boolean
  key: string[]
  seed: string[]
  pin?: string
  dryRun?: boolean
  yes?: boolean
}

type Given = Omit<RewrapFlags, 'key' | 'seed'> & Partial<Pick<RewrapFlags, 'key' | 'seed'>>

export const addRewrap = (
  program: Command,
  run: (paths: string[], flags: RewrapFlags) => Promise<void>,
): Command =>
  addAsking(
    program
      .command('rewrap <path...>')
      .summary("renew a holder's wraps in files and folders")
      .description(
        "Replaces one holder's wraps by wraps to its newest key: those of a cluster, which its controller renews, or those of\n" +
          'private keys at hand. Values, comments and the wraps of others keep their bytes. It takes nothing back: what an\n' +
          'old key could open in an old commit, it can open still.',
      )
      .option('--cluster', 'the wraps of the cluster of the kube context')
      .addOption(list('--seed <file>', "file of the holder's private keys, repeatable"))
      .addOption(list('-k, --key <file>', 'file with the public key to wrap to, with --seed'))
      .option('--pin <id>', 'wrap to this key and no other')
      .option('--dry-run', 'say what would change, and write nothing')
      .option('-y, --yes', 'do not ask'),
  ).action((paths: string[], flags: Given) =>
    run(paths, { ...flags, key: flags.key ?? [], seed: flags.seed ?? [] }),
  )
