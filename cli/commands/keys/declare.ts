import type { Command } from 'commander'
import { CONTROLLER } from '../../defaults.ts'
import { addCluster, textOrJson } from '../../flags.ts'
import type { Terminal } from '../../terminal.ts'
import type { FetchFlags } from '../keys-fetch.ts'
import type { GenerateFlags } from '../keys-generate.ts'
import type { LabelFlags } from '../keys-label.ts'
import type { RewrapAtRestFlags } from '../keys-rewrap-at-rest.ts'
import type { ShowFlags } from '../keys-show.ts'
import type { UsageFlags } from '../keys-usage.ts'
import { addBackup, addRestore } from './declare-backup.ts'

type Go = (action: (terminal: Terminal, signal: AbortSignal) => Promise<unknown>) => Promise<void>

type Name =
  | 'generate'
  | 'show'
  | 'fetch'
  | 'usage'
  | 'retire'
  | 'activate'
  | 'backup'
  | 'restore'
  | 'rewrap-at-rest'

/** `waxwing keys` and what stands below it. */
export function addKeysCommands(program: Command, go: Go): Record<'keys' | `keys ${Name}`, Command> {
  const keys = program
    .command('keys')
    .summary('make, show, fetch, retire and back up sealing keys')
    .description('Makes, shows, fetches, retires and backs up sealing keys.')
  return {
    keys,
    'keys generate': addGenerate(keys, go),
    'keys show': addShow(keys, go),
    'keys fetch': addFetch(keys, go),
    'keys usage': addUsage(keys, go),
    'keys retire': addRetire(keys, go),
    'keys activate': addActivate(keys, go),
    'keys backup': addBackup(keys, go),
    'keys restore': addRestore(keys, go),
    'keys rewrap-at-rest': addRewrap(keys, go),
  }
}

const addGenerate = (keys: Command, go: Go): Command =>
  keys
    .command('generate')
    .summary('make a key pair')
    .description(
      'Makes a key pair, for recovery or for a cluster: the private key goes into a new file, the public one to stdout.',
    )
    .requiredOption('--name <name>', 'the holder: the cluster or person that the key stands for')
    .option('--seed-out <file>', 'new file for the private key, which only you can read')
    .option('--secret-out <file>', 'the same as the Secret that gives it to a cluster, as its sealing key')
    .option('--controller-namespace <name>', 'namespace of that Secret', CONTROLLER.controllerNamespace)
    .option('--days <days>', 'for how long it is to be sealed to (default: 365)')
    .option('--not-after <date>', 'the same as a date')
    .option('--allow-git', 'allow these files inside a git work tree')
    .action((flags: GenerateFlags) =>
      go(async (terminal) => {
        const { runKeysGenerate } = await import('../keys-generate.ts')
        return runKeysGenerate(flags, terminal)
      }),
    )

const addShow = (keys: Command, go: Go): Command =>
  keys
    .command('show <file...>')
    .summary('print ids, holders and dates of key files')
    .description('Prints the id, holder and dates of each key; of a private key only what is public.')
    .addOption(textOrJson())
    .action((files: string[], flags: ShowFlags) =>
      go(async (terminal, signal) => {
        const { runKeysShow } = await import('../keys-show.ts')
        return runKeysShow(files, flags, terminal, signal)
      }),
    )

const addFetch = (keys: Command, go: Go): Command =>
  addCluster(
    keys
      .command('fetch [file...]')
      .usage('[options] | --update [options] [file...]')
      .summary("print a cluster's public key")
      .description(
        'Prints the key that the cluster of the kube context wants values sealed to; keep it in git. With --update it takes\n' +
          "the place of an older key in FILEs, or in the policy's key files, and its id that of the old one in the policy.",
      )
      .option('--url <address>', 'fetch it from this address instead')
      .option('--pin <id>', 'accept this key and no other')
      .option('--update', 'replace key files and the pins of the policy')
      .option('--dry-run', 'with --update: say what would be replaced')
      .option('-y, --yes', 'with --update: do not ask'),
  ).action((files: string[], flags: FetchFlags) =>
    go(async (terminal, signal) => {
      const { runKeysFetch } = await import('../keys-fetch.ts')
      return runKeysFetch(files, flags, terminal, signal)
    }),
  )

const addUsage = (keys: Command, go: Go): Command =>
  addCluster(
    keys
      .command('usage')
      .summary('show whether a cluster still needs its keys')
      .description(
        'Shows the keys of the cluster, active and retired, how many SealedSecrets there name each of them, and how many\n' +
          'would not open without it.',
      )
      .addOption(textOrJson()),
  ).action((flags: UsageFlags) =>
    go(async (terminal, signal) => {
      const { runKeysUsage } = await import('../keys-usage.ts')
      return runKeysUsage(flags, terminal, signal)
    }),
  )

const addRetire = (keys: Command, go: Go): Command =>
  addCluster(
    labelOptions(
      keys
        .command('retire <id>')
        .summary('stop sealing to a key of the cluster')
        .description(
          'Marks a key of the cluster as retired: nobody seals to it any more, and it goes on opening what there is.\n' +
            'Refuses while objects of the cluster need it. `keys activate` takes it back.',
        )
        .option('--force', 'although objects need it, or it is the only active key'),
    ),
  ).action((id: string, flags: LabelFlags) =>
    go(async (terminal, signal) => {
      const { runKeysLabel } = await import('../keys-label.ts')
      return runKeysLabel('retired', id, flags, terminal, signal)
    }),
  )

const addActivate = (keys: Command, go: Go): Command =>
  addCluster(
    labelOptions(
      keys
        .command('activate <id>')
        .summary('take a retired key into use again')
        .description('Marks a retired key of the cluster as active, so that it may be sealed to again.'),
    ),
  ).action((id: string, flags: LabelFlags) =>
    go(async (terminal, signal) => {
      const { runKeysLabel } = await import('../keys-label.ts')
      return runKeysLabel('active', id, flags, terminal, signal)
    }),
  )

const labelOptions = (command: Command): Command =>
  command.option('--dry-run', 'say what would be done, and do nothing').option('-y, --yes', 'do not ask')

const addRewrap = (keys: Command, go: Go): Command =>
  addCluster(
    keys
      .command('rewrap-at-rest')
      .summary('have the controller store the private keys anew')
      .description(
        'Asks the controller to store the seeds of all sealing keys as its flags say (--at-rest), and waits until it has.\n' +
          'The keys stay the same: what was sealed to them needs nothing.',
      )
      .option('--timeout <seconds>', 'how long to wait', '60'),
  ).action((flags: RewrapAtRestFlags) =>
    go(async (terminal, signal) => {
      const { runKeysRewrapAtRest } = await import('../keys-rewrap-at-rest.ts')
      return runKeysRewrapAtRest(flags, terminal, signal)
    }),
  )
