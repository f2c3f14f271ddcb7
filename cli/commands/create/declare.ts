import { type Command, Option } from 'commander'
import type { SecretKind } from '../../../shared/ops/create/kinds.ts'
import { addCluster, allow, list, scope } from '../../flags.ts'
import { KIND_EXAMPLES } from './examples.ts'
import type { CreateFlags } from './flags.ts'

type Run = (kind: SecretKind, name: string, flags: CreateFlags) => Promise<void>

interface Declared {
  kind: SecretKind
  /** What kubectl calls it. */
  alias?: string
  name?: '[name]'
  summary: string
  flags: readonly Option[]
}

const option = (flags: string, description: string): Option => new Option(flags, description)

const fromFile = (): Option =>
  list('--from-file <[key=]path>', 'file, or folder of files, that holds a value; repeatable')

const sources = (): Option[] => [
  list('--from-literal <key=value>', 'a value as it stands here; repeatable'),
  fromFile(),
  list('--from-env-file <file>', 'file of KEY=VALUE lines, `-` for standard input; repeatable'),
  list('--from-json <file>', 'file of one flat JSON object of strings, `-` for standard input; repeatable'),
  list('--generate <key=length:charset>', 'a random value, such as password=24:alnum; repeatable'),
  list('--prompt <key>', 'ask for the value at the terminal, without showing it; repeatable'),
]

const registry = (): Option[] => [
  option('--docker-server <address>', 'the registry (default: https://index.docker.io/v1/)'),
  option('--docker-username <name>', 'user name; asked for at a terminal'),
  option('--docker-password <password>', 'password; better asked for, or from standard input'),
  option('--docker-password-stdin', 'read the password from standard input').conflicts('dockerPassword'),
  option('--docker-email <address>', 'e-mail address'),
  fromFile().conflicts([
    'dockerUsername',
    'dockerPassword',
    'dockerPasswordStdin',
    'dockerEmail',
    'dockerServer',
  ]),
]

const KINDS: readonly Declared[] = [
  {
    kind: 'opaque',
    alias: 'generic',
    summary: 'any values',
    flags: [...sources(), option('--type <type>', 'type of the Secret (default: Opaque)')],
  },
  {
    kind: 'basic-auth',
    summary: 'a user name and a password',
    flags: [
      option('--username <name>', 'user name; asked for at a terminal'),
      option('--password-stdin', 'read the password from standard input; else it is asked for at a terminal'),
      ...sources(),
    ],
  },
  {
    kind: 'ssh-auth',
    summary: 'a private SSH key',
    flags: [option('--ssh-privatekey <file>', 'file of the private key'), ...sources()],
  },
  {
    kind: 'tls',
    summary: 'a certificate and its private key',
    flags: [
      option('--cert <file>', 'file of the certificate and its chain, PEM'),
      option('--key <file>', 'file of the private key, PEM'),
      ...sources(),
    ],
  },
  {
    kind: 'docker',
    alias: 'docker-registry',
    summary: 'a login to an image registry',
    flags: registry(),
  },
  { kind: 'dockercfg', summary: 'a login to an image registry, in the older format', flags: registry() },
  {
    kind: 'service-account-token',
    summary: 'a token that the cluster makes for a service account',
    flags: [option('--service-account <name>', 'the account that the token is for'), ...sources()],
  },
  {
    kind: 'bootstrap-token',
    name: '[name]',
    summary: 'a token by which nodes join the cluster',
    flags: [
      option('--ttl <time>', 'life of the token, such as 90m or 7d; 0 for ever (default: 24h)'),
      option('--usages <list>', 'what it is for (default: authentication,signing)'),
      option('--groups <list>', 'groups of who logs in with it, system:bootstrappers:NAME'),
      option('--description <text>', 'what a person should know about it'),
      ...sources(),
    ],
  },
]

/** `create` and a command below it for each kind of Secret. */
export function addCreate(program: Command, run: Run): void {
  const create = program
    .command('create')
    .summary('make a Secret and seal it at once')
    .description(
      "Makes a Secret and seals it at once, with the flags of kubectl's `create secret`: nothing plain is written anywhere.",
    )
  for (const declared of KINDS) withExamples(addKind(create, declared, run), declared.kind)
  withExamples(create, 'create')
}

function addKind(create: Command, { kind, alias, name, summary, flags }: Declared, run: Run): Command {
  const command = create.command(kind).summary(summary).description(`Makes and seals ${summary}.`)
  if (alias !== undefined) command.alias(alias)
  command.argument(name ?? '<name>', 'name of the Secret')
  for (const flag of flags) command.addOption(flag)
  command
    .option('--immutable', 'let nobody change the Secret in the cluster')
    .addOption(list('--label <key=value>', 'label of the Secret, repeatable'))
    .addOption(list('--annotation <key=value>', 'annotation of the Secret, repeatable'))
    .addOption(
      list(
        '-k, --sealing-key <file>',
        'file of public keys to seal to, repeatable; else the key of the kube context',
      ),
    )
    .addOption(scope())
    .option('-n, --namespace <name>', 'namespace of the Secret')
    .addOption(
      option('-o, --output <format>', 'format of the output').choices(['yaml', 'json']).default('yaml'),
    )
    .option('--out <file>', 'write it into a file')
    .option('--dry-run', 'say what would be made, and write nothing')
    .option('-y, --yes', 'do not ask')
    .option('--allow-expired', 'seal to a key that is more than 90 days past its date')
    .addOption(allow())
    .action((given: string | undefined, values: CreateFlags) => run(kind, given ?? '', values))
  return addCluster(command)
}

const withExamples = (command: Command, name: keyof typeof KIND_EXAMPLES): Command =>
  command.addHelpText('after', `\nExamples:\n${KIND_EXAMPLES[name].map((line) => `  ${line}`).join('\n')}`)
