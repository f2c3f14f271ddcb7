import { Command } from 'commander'
import { VERSION } from '../shared/version.ts'
import { addChangeCommands } from './change/commands.ts'
import { addCreate } from './commands/create/declare.ts'
import { addDescribe } from './commands/describe/declare.ts'
import { declareInit, type InitFlags } from './commands/init/flags.ts'
import { addKeysCommands } from './commands/keys/declare.ts'
import { addReport } from './commands/report/declare.ts'
import { addRewrap } from './commands/rewrap/declare.ts'
import { addRotate } from './commands/rotate/declare.ts'
import type { SealFlags } from './commands/seal/flags.ts'
import type { UnsealFlags } from './commands/unseal.ts'
import type { VerifyFlags } from './commands/verify.ts'
import { addAsking, addCluster, addGlobal, allow, list, reportOutput, scope, yamlOrJson } from './flags.ts'
import { EXAMPLES } from './help.ts'
import { addHelpCommands } from './help-command.ts'
import { standard } from './io/standard.ts'
import type { Terminal } from './terminal.ts'

/** A repeatable flag that was not given is absent. */
type Repeatable<Flags, Name extends keyof Flags> = Omit<Flags, Name> & Partial<Pick<Flags, Name>>

/** How the entry runs what a command stands for, with the flags that all have. */
export type Go = (action: (terminal: Terminal, signal: AbortSignal) => Promise<unknown>) => Promise<void>

/** Names, flags and help of all commands; what a command does is loaded when it runs. */
export function createProgram(go: Go): Command {
  const program = new Command('waxwing')
    .description('Seal Kubernetes Secrets so that they can live in git.')
    .version(VERSION, '--version', 'print the version')
    .helpOption('-h, --help', 'show this help, or that of a command')
    .exitOverride()
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ outputError: () => {}, writeOut: (text) => standard().stdout.write(text) })
  addGlobal(program)
  addSeal(program, go)
  addCreate(program, (kind, name, flags) =>
    go(async (terminal, signal) => {
      const { runCreate } = await import('./commands/create.ts')
      return runCreate(kind, name, flags, terminal, signal)
    }),
  )
  addInit(program, go)
  addUnseal(program, go)
  const changing = addChangeCommands(program, go)
  for (const name of ['set', 'unset', 'rename-key', 'edit'] as const) withExamples(changing[name], name)
  addVerify(program, go)
  addDescribing(program, go)
  addKeys(program, go)
  addDemo(program, go)
  addHelpCommands(program)
  return withExamples(program, 'waxwing')
}

const withExamples = (command: Command, name: keyof typeof EXAMPLES): Command =>
  command.addHelpText('after', `\nExamples:\n${EXAMPLES[name].map((line) => `  ${line}`).join('\n')}`)

function addSeal(program: Command, go: Go): void {
  const seal = program
    .command('seal [file...]')
    .summary('seal the Secrets of manifests')
    .description(
      'Replaces every Secret of the manifests by a SealedSecret; other documents pass through as they are.\n' +
        'Without a file it reads standard input.',
    )
    .addOption(
      list(
        '-k, --key <file>',
        'file of public keys to seal to, repeatable; else the key of the kube context',
      ),
    )
    .addOption(scope())
    .option('-n, --namespace <name>', 'namespace of Secrets that state none')
    .addOption(yamlOrJson())
    .option('--out <file>', 'write everything into one file')
    .option('--write', 'write NAME.sealed.yaml beside each NAME.yaml')
    .option('--dry-run', 'say what would be sealed, and write nothing')
    .option('-y, --yes', 'do not ask')
    .option('--allow-expired', 'seal to a key that is more than 90 days past its date')
    .addOption(allow())
    .action((files: string[], flags: Repeatable<SealFlags, 'key'>) =>
      go(async (terminal, signal) => {
        const { runSeal } = await import('./commands/seal.ts')
        return runSeal(files, { ...flags, key: flags.key ?? [] }, terminal, signal)
      }),
    )
  withExamples(addCluster(seal), 'seal')
}

function addInit(program: Command, go: Go): void {
  const init = declareInit(program).action((flags: Repeatable<InitFlags, 'context' | 'key'>) =>
    go(async (terminal, signal) => {
      const { runInit } = await import('./commands/init.ts')
      return runInit({ ...flags, context: flags.context ?? [], key: flags.key ?? [] }, terminal, signal)
    }),
  )
  withExamples(init, 'init')
}

function addUnseal(program: Command, go: Go): void {
  const unseal = program
    .command('unseal [file]')
    .summary('open SealedSecrets with private keys at hand')
    .description(
      'Replaces every SealedSecret of a manifest by its Secret, in plain text, or fails as a whole.\n' +
        'Without a file it reads standard input.',
    )
    .addOption(list('--seed <file>', 'file of private keys, repeatable'))
    .addOption(yamlOrJson())
    .action((file: string | undefined, flags: Repeatable<UnsealFlags, 'seed'>) =>
      go(async (terminal, signal) => {
        const { runUnseal } = await import('./commands/unseal.ts')
        return runUnseal(file, { ...flags, seed: flags.seed ?? [] }, terminal, signal)
      }),
    )
  withExamples(unseal, 'unseal')
}

function addVerify(program: Command, go: Go): void {
  const verify = program
    .command('verify [path...]')
    .summary('check SealedSecrets offline, without a key')
    .description(
      'Checks the SealedSecrets and SealingKeys in files and folders (the current one if none is named).\n' +
        'Exit code 1 when something fails, 0 when there is nothing or only warnings.',
    )
    .addOption(
      list('-k, --key <file>', 'file of public keys, to tell recipients that were replaced, repeatable'),
    )
    .addOption(list('--seed <file>', 'file of private keys to open them with as well, repeatable'))
    .addOption(allow())
    .addOption(reportOutput('text', 'json', 'sarif'))
    .option('--cluster', 'also ask the controller of the kube context whether they open there')
  addAsking(verify).action((paths: string[], flags: Repeatable<VerifyFlags, 'seed'>) =>
    go(async (terminal, signal) => {
      const { runVerify } = await import('./commands/verify.ts')
      return runVerify(paths, { ...flags, seed: flags.seed ?? [] }, terminal, signal)
    }),
  )
  withExamples(verify, 'verify')
}

/** Ages and recipients, without opening anything; and new values for old ones. */
function addDescribing(program: Command, go: Go): void {
  const describe = addDescribe(program, (what, flags) =>
    go(async (terminal, signal) => {
      const { runDescribe } = await import('./commands/describe.ts')
      return runDescribe(what, flags, terminal, signal)
    }),
  )
  const report = addReport(program, (paths, flags) =>
    go(async (terminal, signal) => {
      const { runReport } = await import('./commands/report.ts')
      return runReport(paths, flags, terminal, signal)
    }),
  )
  const rotate = addRotate(program, (words, flags) =>
    go(async (terminal, signal) => {
      const { runRotate } = await import('./commands/rotate.ts')
      return runRotate(words, flags, terminal, signal)
    }),
  )
  const rewrap = addRewrap(program, (paths, flags) =>
    go(async (terminal, signal) => {
      const { runRewrap } = await import('./commands/rewrap.ts')
      return runRewrap(paths, flags, terminal, signal)
    }),
  )
  withExamples(rewrap, 'rewrap')
  withExamples(rotate, 'rotate')
  withExamples(describe, 'describe')
  withExamples(report, 'report')
}

function addKeys(program: Command, go: Go): void {
  const keys = addKeysCommands(program, go)
  for (const [name, command] of Object.entries(keys)) withExamples(command, name as keyof typeof keys)
}

function addDemo(program: Command, go: Go): void {
  const demo = program
    .command('demo')
    .summary('see the way of a Secret through git on an embedded API server')
    .description('Seals, commits, applies and unseals in a temporary folder, with an API server of its own.')
    .option('--keep', 'keep the folder and the server until Ctrl-C')
    .action(({ keep = false }: { keep?: boolean }) =>
      go(async (_terminal, signal) => {
        const { runDemo } = await import('./commands/demo.ts')
        await runDemo({ keep }, (text) => standard().stdout.write(text), signal)
      }),
    )
  withExamples(demo, 'demo')
}
