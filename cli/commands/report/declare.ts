import type { Command } from 'commander'
import { reportOutput } from '../../flags.ts'
import type { ReportFlags } from '../report.ts'

export const addReport = (
  program: Command,
  run: (paths: string[], flags: ReportFlags) => Promise<void>,
): Command =>
  program
    .command('report [path...]')
    .summary('list how old the sealed values are')
    .description(
      'Lists when each value was sealed, and what the policy allows, for files and folders (the current one if none\n' +
        'is named). Ages are those of the annotation waxwing.dev/sealed-at.',
    )
    .addOption(reportOutput('text', 'json', 'html'))
    .action(run)
