import type { Command } from 'commander'
import { addCluster, list, textOrJson } from '../../flags.ts'
import type { DescribeFlags } from '../describe.ts'

type Given = Omit<DescribeFlags, 'key'> & Partial<Pick<DescribeFlags, 'key'>>

export function addDescribe(
  program: Command,
  run: (what: string, flags: DescribeFlags) => Promise<void>,
): Command {
  const describe = program
    .command('describe <file|name>')
    .summary('show what a SealedSecret holds, and for whom')
    .description(
      'Shows type, keys, ages, recipients and template of the SealedSecrets in a file, without opening them.\n' +
        'What is no file is the NAME or NAMESPACE/NAME of one in the cluster.',
    )
    .addOption(list('-k, --key <file>', 'file of public keys, to name the recipients, repeatable'))
    .option('-n, --namespace <name>', "namespace of NAME (default: the context's)")
    .option('--cluster', 'show how it stands in the cluster as well')
    .addOption(textOrJson())
    .action((what: string, flags: Given) => run(what, { ...flags, key: flags.key ?? [] }))
  return addCluster(describe)
}
