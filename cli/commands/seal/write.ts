import { statSync } from 'node:fs'
import type { Finding } from '../../../shared/check/finding.ts'
import { type OutputDocument, streamText } from '../../../shared/ops/output.ts'
import type { PlannedSecret } from '../../../shared/ops/seal-plan.ts'
import { type SealMeans, sealPlanned } from '../../../shared/ops/seal-stream.ts'
import { type FileToWrite, writeFiles } from '../../io/write.ts'
import { keyName } from '../../render/key-name.ts'
import { counted } from '../../render/text.ts'
import type { Terminal } from '../../terminal.ts'
import type { InputPlan, SealFlags, UsedKey } from './flags.ts'
import { sayAny } from './say.ts'
import { outputOf, type SealTarget } from './targets.ts'

/** So many are sealed at a time: some runtimes derive secrets in other threads, and one alone would wait for each. */
const AT_ONCE = 32

/** Seals every plan, writes all of it, then says what was made. */
export async function writeSealed(
  plans: readonly InputPlan[],
  means: Omit<SealMeans, 'recipients'>,
  keys: readonly (readonly UsedKey[])[],
  target: SealTarget,
  flags: SealFlags,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<void> {
  if (flags.dryRun) {
    sayAll('plan', plans, keys, target, terminal)
    return terminal.note('nothing was written (--dry-run)')
  }
  const streams: OutputDocument[][] = []
  for (let i = 0; i < plans.length; i += AT_ONCE) {
    const sealing = plans.slice(i, i + AT_ONCE).map((plan, j) => {
      const recipients = (keys[i + j] ?? []).map(({ key }) => key)
      return { plan, sealed: sealPlanned(plan, { ...means, recipients }) }
    })
    // Of several that fail the first one's error is told, and the others' have no one else to catch them.
    for (const { sealed } of sealing) sealed.catch(() => {})
    for (const { plan, sealed } of sealing) {
      const { documents, findings } = await sealed
      await sayAny(terminal, plan.made ? unplaced(findings) : findings)
      streams.push(documents)
    }
  }
  signal.throwIfAborted()
  const files = filesOf(streams, target, flags)
  if (files) await replaceFiles(files, plans, flags, terminal, signal)
  else await terminal.write(streamText(streams.flat(), flags.output))
  sayAll('sealed', plans, keys, target, terminal)
}

function filesOf(
  streams: readonly OutputDocument[][],
  target: SealTarget,
  { output }: SealFlags,
): FileToWrite[] | undefined {
  if (target.kind === 'stdout') return undefined
  if (target.kind === 'file') return [{ path: target.path, text: streamText(streams.flat(), output) }]
  return target.paths.map((path, i) => ({ path, text: streamText(streams[i] ?? [], output) }))
}

async function replaceFiles(
  files: readonly FileToWrite[],
  plans: readonly InputPlan[],
  flags: SealFlags,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<void> {
  const present = flags.yes ? [] : files.filter(({ path }) => isRegular(path))
  if (present.length > 0) {
    const { confirmReplaced } = await import('./loss.ts')
    const secrets = plans.flatMap((plan) => plan.secrets)
    await confirmReplaced(present, secrets, terminal, signal)
  }
  await writeFiles(files)
}

const isRegular = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() === true

function sayAll(
  word: 'plan' | 'sealed',
  plans: readonly InputPlan[],
  keys: readonly (readonly UsedKey[])[],
  target: SealTarget,
  terminal: Terminal,
): void {
  plans.forEach((plan, i) => {
    saySealed(word, terminal, plan, outputOf(target, i) ?? 'stdout', keys[i] ?? [])
  })
}

/** Findings about what is in no file. */
export const unplaced = (findings: readonly Finding[]): Finding[] =>
  findings.map(({ file: _, line: __, column: ___, ...finding }) => finding)

function saySealed(
  word: 'plan' | 'sealed',
  terminal: Terminal,
  plan: InputPlan,
  where: string,
  keys: readonly UsedKey[],
): void {
  for (const planned of plan.secrets) {
    const { secret, scope } = planned
    const values = counted(secret.data.size, 'value')
    const words = [values, scope, identity(planned), `for ${recipientNames(keys)}`].join(' · ')
    terminal.say(word, `${plan.file} → ${where}   ${words}`)
    if (planned.namespaceFrom === 'default')
      terminal.say(
        'hint',
        `${plan.made ? 'without -n' : `${plan.file}:${planned.line} states no namespace`}: ${secret.namespace} is that of the kubeconfig's context`,
      )
  }
  if (!plan.made && plan.file !== 'stdin' && where !== 'stdout' && plan.secrets.length > 0)
    terminal.say('hint', `${plan.file} still holds plain values: keep it out of git`)
}

const identity = ({ secret: { namespace, name } }: PlannedSecret): string =>
  namespace === '' ? name : `${namespace}/${name}`

const SHOWN = 4

function recipientNames(keys: readonly UsedKey[]): string {
  const names = keys
    .slice(0, SHOWN)
    .map(({ key, name }) => keyName({ id: key.id, holder: name ?? key.holder }))
  return keys.length > SHOWN ? `${names.join(', ')} and ${keys.length - SHOWN} more` : names.join(', ')
}
