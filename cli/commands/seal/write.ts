import type { Finding } from '../../../shared/check/finding.ts'
import { type OutputDocument, streamText } from '../../../shared/ops/output.ts'
import type { PlannedSecret } from '../../../shared/ops/seal-plan.ts'
import { type SealMeans, sealPlanned } from '../../../shared/ops/seal-stream.ts'
import { writeFiles } from '../../io/write.ts'
import { sayFindings } from '../../render/diagnostics.ts'
import { counted } from '../../render/text.ts'
import { keyName } from '../../render/words.ts'
import type { Terminal } from '../../terminal.ts'
import type { InputPlan, SealFlags, UsedKey } from './flags.ts'
import { outputOf, type SealTarget } from './targets.ts'

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
  const streams: OutputDocument[][] = []
  for (const [i, plan] of plans.entries()) {
    const recipients = (keys[i] ?? []).map(({ key }) => key)
    const { documents, findings } = await sealPlanned(plan, { ...means, recipients })
    sayFindings(terminal, plan.made ? unplaced(findings) : findings)
    streams.push(documents)
  }
  signal.throwIfAborted()
  if (target.kind === 'beside')
    writeFiles(target.paths.map((path, i) => ({ path, text: streamText(streams[i] ?? [], flags.output) })))
  else {
    const text = streamText(streams.flat(), flags.output)
    if (target.kind === 'file') writeFiles([{ path: target.path, text }])
    else await terminal.write(text)
  }
  plans.forEach((plan, i) => {
    saySealed(terminal, plan, outputOf(target, i) ?? 'stdout', keys[i] ?? [])
  })
}

/** Findings about what is in no file. */
export const unplaced = (findings: readonly Finding[]): Finding[] =>
  findings.map(({ file: _, line: __, column: ___, ...finding }) => finding)

function saySealed(terminal: Terminal, plan: InputPlan, where: string, keys: readonly UsedKey[]): void {
  for (const planned of plan.secrets) {
    const { secret, scope } = planned
    const values = counted(secret.data.size, 'value')
    const words = [values, scope, identity(planned), `for ${recipientNames(keys)}`].join(' · ')
    terminal.say('sealed', `${plan.file} → ${where}   ${words}`)
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
