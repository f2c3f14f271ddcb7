import { isFail } from '../../../shared/check/finding.ts'
import { chooseKem } from '../../../shared/crypto/kem/choose.ts'
import { valueAges } from '../../../shared/ops/ages.ts'
import { rewriteSealed } from '../../../shared/ops/edit/rewrite.ts'
import { findTarget, withDocument } from '../../../shared/ops/edit/target.ts'
import { setValues } from '../../../shared/ops/edit/values.ts'
import { dueKeys, planRotate } from '../../../shared/ops/rotate.ts'
import type { SealedAt } from '../../../shared/ops/sealed-stream.ts'
import { type Loss, refuseUnasked, sayLosses, uncommittedKeys } from '../../change/loss.ts'
import { confirmFiles, type FileChange, writeChanges } from '../../change/many.ts'
import { inFile } from '../../change/open.ts'
import { newRecipients } from '../../change/recipients.ts'
import { randomBytes } from '../../io/random.ts'
import { readInput } from '../../io/read.ts'
import { limitsOf } from '../../limits.ts'
import { Refused, usage } from '../../refused.ts'
import { counted } from '../../render/text.ts'
import { rulingFor } from '../../ruling.ts'
import type { Terminal } from '../../terminal.ts'
import { collectSealed } from '../report/collect.ts'
import type { RotateFlags } from './flags.ts'
import { recipesOf } from './recipes.ts'

interface Rotation extends FileChange {
  /** `shop/db: password` */
  lines: string[]
  /** Keys whose old value is in no commit. */
  lost: string[]
}

/** Every value that is due and has a rule, in all files or in none. */
export async function rotateDue(
  paths: readonly string[],
  flags: RotateFlags,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<void> {
  if (paths.includes('-')) throw usage('--due writes into files; it cannot read standard input')
  if (flags.name !== undefined) throw usage('--due and --name exclude each other')
  const { sealed, findings } = await collectSealed(paths, terminal, signal)
  if (findings.some(isFail)) throw new Refused(findings)
  const rotations = new Map<string, Rotation>()
  for (const one of sealed) await planOne(one, rotations, flags, terminal, signal)
  const all = [...rotations.values()]
  if (all.length === 0) return terminal.note('nothing to rotate')
  const values = counted(all.flatMap(({ lines }) => lines).length, 'SealedSecret')
  const plan = all.flatMap(({ path, lines }) => lines.map((line) => `${path}   ${line}`))
  terminal.say('plan', `new values in ${values} of ${counted(all.length, 'file')}`, plan)
  const losses = all.flatMap(({ path, lost }) => (lost.length > 0 ? [{ file: path, keys: lost }] : []))
  if (flags.dryRun) {
    sayLosses(losses, terminal)
    return terminal.note('nothing was written (--dry-run)')
  }
  if (!flags.yes) await confirm(all.length, losses, terminal, signal)
  await writeChanges(all, signal)
  terminal.say('changed', counted(all.length, 'file'))
}

async function planOne(
  { sealed, file }: SealedAt,
  rotations: Map<string, Rotation>,
  flags: RotateFlags,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<void> {
  const ruling = await rulingFor(file, signal)
  const due = dueKeys(valueAges(sealed, await limitsOf(ruling), Date.now()))
  const { values, open } = planRotate(due, await recipesOf(ruling), randomBytes)
  const name = [sealed.namespace, sealed.name].filter((part) => part !== '').join('/')
  if (open.length > 0)
    terminal.say('warn', `${file}: ${name}: no \`generate\` rule for ${open.join(', ')}; use \`waxwing set\``)
  if (values.size === 0) return
  const read = rotations.get(file)
  const text = read?.text ?? (await readInput(file, signal)).text
  const { target, findings } = findTarget(file, text, name)
  if (!target || findings.some(isFail)) throw new Refused(findings)
  const opened = { input: { name: file, path: file, text }, target }
  const recipients = await newRecipients(opened, flags, new Map(), terminal, signal)
  const means = { kem: await chooseKem(), random: randomBytes, now: Date.now() }
  const document = await inFile(target, async () =>
    rewriteSealed(
      target.source.text,
      target.path,
      target.sealed,
      await setValues(target.sealed, values, recipients, means),
    ),
  )
  rotations.set(file, {
    path: file,
    before: read?.before ?? text,
    text: withDocument(target, document),
    lines: [...(read?.lines ?? []), `${name}: ${[...values.keys()].join(', ')}`],
    lost: [...(read?.lost ?? []), ...uncommittedKeys(file, target.sealed, [...values.keys()])],
  })
}

async function confirm(
  files: number,
  losses: readonly Loss[],
  terminal: Terminal,
  signal: AbortSignal,
): Promise<void> {
  refuseUnasked(losses)
  sayLosses(losses, terminal)
  await confirmFiles(files, signal)
}
