import { SealError } from '../../shared/errors.ts'
import type { SealedSecret } from '../../shared/format/sealed-secret.ts'
import { type Changes, changesBetween, goneKeys } from '../../shared/ops/edit/changes.ts'
import { rewriteSealed } from '../../shared/ops/edit/rewrite.ts'
import { withDocument } from '../../shared/ops/edit/target.ts'
import { readInput } from '../io/read.ts'
import { writeFiles } from '../io/write.ts'
import { unifiedDiff } from '../render/diff.ts'
import type { Terminal } from '../terminal.ts'
import type { ChangeFlags } from './flags.ts'
import { confirmLoss, uncommittedKeys } from './loss.ts'
import { inFile, type OpenFile } from './open.ts'
import { changeLine, envelopeLines, type NamedRecipient } from './words.ts'

/** What a command made of a file's SealedSecret. */
export interface Change {
  opened: OpenFile
  after: SealedSecret
  /** Those of new values, for the words. */
  recipients: readonly NamedRecipient[]
}

/** Plan, show, apply: the file is written whole, or left alone. */
export async function applyChange(
  change: Change,
  flags: ChangeFlags,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<void> {
  const { opened, after, recipients } = change
  const { input, target } = opened
  const document = await inFile(target, () =>
    rewriteSealed(target.source.text, target.path, target.sealed, after),
  )
  const text = withDocument(target, document)
  if (text === input.text) return terminal.note(`${input.name}: nothing to change`)
  const changes = changesBetween(target.sealed, after)
  const line = `${input.name}   ${changeLine(changes, after, recipients)}`
  if (flags.diff && (input.path !== undefined || flags.dryRun))
    await terminal.write(unifiedDiff(input.name, input.text, text))
  if (flags.dryRun) {
    terminal.say('plan', line, envelopeLines(changes))
    return terminal.note('nothing was written (--dry-run)')
  }
  signal.throwIfAborted()
  if (input.path === undefined) await terminal.write(text)
  else await replaceFile(input.path, change, changes, text, flags, terminal, signal)
  terminal.say('changed', line, envelopeLines(changes))
}

async function replaceFile(
  path: string,
  { opened }: Change,
  changes: Changes,
  text: string,
  flags: ChangeFlags,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<void> {
  const { input, target } = opened
  const lost = flags.yes ? [] : uncommittedKeys(path, target.sealed, goneKeys(changes))
  if (lost.length > 0) await confirmLoss([{ file: input.name, keys: lost }], terminal, signal)
  const now = await readInput(path, signal)
  if (now.text !== input.text)
    throw new SealError('file-changed', 'was changed while this command ran', { where: { file: path } })
  await writeFiles([{ path, text }])
}
