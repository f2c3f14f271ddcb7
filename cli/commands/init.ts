import { mkdirSync, rmSync } from 'node:fs'
import { dirname, relative } from 'node:path'
import { POLICY_FILE } from '../../shared/policy/types.ts'
import { ask, canAsk } from '../io/prompt.ts'
import { writeFiles, writeNewPrivate } from '../io/write.ts'
import { policyPathFor } from '../policy.ts'
import { usage } from '../refused.ts'
import { counted } from '../render/text.ts'
import type { Terminal } from '../terminal.ts'
import type { InitFlags } from './init/flags.ts'
import { gatherRecipients } from './init/gather.ts'
import { type InitPlan, planInit, refuseChanged, refuseExisting } from './init/plan.ts'

/** Writes the first policy of a repository, with the keys that it pins. */
export async function runInit(flags: InitFlags, terminal: Terminal, signal: AbortSignal): Promise<void> {
  if (flags.seedOut !== undefined && flags.recovery === undefined) throw usage('--seed-out needs --recovery')
  if (!flags.dryRun && !flags.yes && !canAsk())
    throw usage('nobody can be asked here whether to go on', 'Pass `--yes`, or `--dry-run` to see the plan.')
  refuseExisting(POLICY_FILE)
  const recipients = await gatherRecipients(flags, signal)
  if (recipients.length === 0)
    throw usage(
      'a policy needs a recipient',
      'Name one by `--context`, `-k`, `--recovery` or `--recovery-key`.',
    )
  const plan = planInit(recipients, flags.seedOut)
  sayPlan(plan, terminal)
  if (flags.dryRun) return terminal.note('nothing was written (--dry-run)')
  const count = plan.files.length + (plan.seed ? 1 : 0)
  if (!flags.yes) {
    const answer = await ask(`Write ${counted(count, 'file')}? [y/N]`, signal)
    if (!/^y(es)?$/i.test(answer.trim())) return terminal.note('nothing was written')
  }
  signal.throwIfAborted()
  // The question may have waited for long, and somebody may have made one of them.
  refuseChanged(plan)
  await apply(plan)
  terminal.say('made', plan.files.map(({ path }) => path).join(', '))
  sayAdvice(plan, flags, terminal)
}

function sayPlan({ recipients, seed }: InitPlan, terminal: Terminal): void {
  const width = Math.max(...recipients.map(({ name }) => name.length))
  const lines = recipients.map(({ name, key, file, from, seedText }) => {
    const id = seedText === undefined ? key.id : 'made when it is written'
    return `${name.padEnd(width)}   ${id}   ${from === file ? file : `${file}, ${from}`}`
  })
  const more = seed ? [...lines, `private key → ${seed.path}`] : lines
  terminal.say('plan', `${POLICY_FILE}: ${counted(recipients.length, 'recipient')} for all files below`, more)
  const above = policyPathFor(POLICY_FILE)
  if (above)
    terminal.say(
      'warn',
      `${relative(process.cwd(), above)} will no longer hold for the files below this folder`,
    )
}

/** The private key first: a public one without it would open nothing. All of it, or nothing. */
async function apply({ files, seed }: InitPlan): Promise<void> {
  if (seed) writeNewPrivate(seed.path, seed.text)
  try {
    for (const { path } of files) mkdirSync(dirname(path), { recursive: true })
    await writeFiles(files)
  } catch (error) {
    if (seed) rmSync(seed.path, { force: true })
    throw error
  }
}

function sayAdvice(
  { recipients, seed }: InitPlan,
  { context, recoveryKey }: InitFlags,
  terminal: Terminal,
): void {
  if (seed) terminal.say('hint', `${seed.path} is the private key: keep it offline, in more than one place`)
  if (context.length > 0)
    terminal.say('hint', 'compare the ids with what the operator of each cluster tells you, then commit')
  if (!seed && recoveryKey === undefined)
    terminal.say(
      'warn',
      `no recovery key: what only ${recipients.length === 1 ? 'one cluster' : 'these clusters'} can open is lost with ${recipients.length === 1 ? 'it' : 'them'}`,
      ['fix: add one with `waxwing keys generate`, and name it in the policy.'],
    )
}
