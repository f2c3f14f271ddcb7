import { type Command, InvalidArgumentError, Option } from 'commander'
import { CONTROLLER } from './defaults.ts'

/** Options that several commands have. */

/** One value per flag, the flag repeatable: `--seed a --seed b`. */
export function list(flags: string, description: string): Option {
  return new Option(flags, description).argParser((value: string, before: string[] = []) => [
    ...before,
    value,
  ])
}

export const yamlOrJson = (): Option =>
  new Option('-o, --output <format>', 'format of the output (default: as the input)').choices([
    'yaml',
    'json',
  ])

export const textOrJson = (): Option => reportOutput('text', 'json')

/** The first is what one gets without the flag. */
export const reportOutput = (...formats: [string, ...string[]]): Option =>
  new Option('-o, --output <format>', 'format of the output').choices(formats).default(formats[0])

export const allow = (): Option =>
  list('--allow <code>', 'accept what the checks find under this code, repeatable')

export const scope = (): Option =>
  new Option('--scope <scope>', "what the values are bound to (default: the policy's, else strict)").choices([
    'strict',
    'namespace',
    'cluster',
  ])

/** `each`: of several clusters. */
export function addCluster(command: Command, contexts: 'one' | 'each' = 'one'): Command {
  return command
    .addOption(text('--kubeconfig <file>', 'kubeconfig (default: $KUBECONFIG, then ~/.kube/config)'))
    .addOption(
      contexts === 'one'
        ? text('--context <name>', 'context of the kubeconfig (default: its current one)')
        : list('--context <name>', 'context of the kubeconfig whose cluster is a recipient, repeatable'),
    )
    .addOption(
      text('--controller-namespace <name>', 'namespace of the controller').default(
        CONTROLLER.controllerNamespace,
      ),
    )
    .addOption(
      text('--controller-name <name>', "name of the controller's Service").default(CONTROLLER.controllerName),
    )
}

/** Of commands that ask the controller about objects. */
export const addAsking = (command: Command): Command =>
  addCluster(command).addOption(
    text(
      '--as-service-account <name>',
      'NAMESPACE/NAME of the ServiceAccount in whose name to ask the controller',
    ),
  )

export function addGlobal(program: Command): Command {
  return program
    .option('-q, --quiet', 'no words on stderr but errors and warnings')
    .addOption(new Option('--color <when>', 'colours').choices(['auto', 'always', 'never']).default('auto'))
    .option('--debug', 'with an error, show where in the program it arose')
}

/** An empty text is mostly a variable of a script that is not set. */
function text(flags: string, description: string): Option {
  return new Option(flags, description).argParser((value: string) => {
    if (value === '') throw new InvalidArgumentError('It is empty.')
    return value
  })
}
