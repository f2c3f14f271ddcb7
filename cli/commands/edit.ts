import { basename } from 'node:path'
import { chooseKem } from '../../shared/crypto/kem/choose.ts'
import { unseal } from '../../shared/format/unseal.ts'
import { bufferText } from '../../shared/ops/edit/buffer-write.ts'
import { applyChange } from '../change/apply.ts'
import { checkNewValues } from '../change/checks.ts'
import type { SealingFlags } from '../change/flags.ts'
import { inFile, type OpenFile, openFile } from '../change/open.ts'
import { newRecipients } from '../change/recipients.ts'
import { identity } from '../change/words.ts'
import { openEditor } from '../io/editor.ts'
import { randomBytes } from '../io/random.ts'
import { STDIN } from '../io/read.ts'
import { readPrivateKeys } from '../keys.ts'
import { findingsOfError, Refused, usage } from '../refused.ts'
import { sayFindings } from '../render/diagnostics.ts'
import { sentence } from '../render/words.ts'
import type { Terminal } from '../terminal.ts'
import { headText, isBlankPage, pageWithErrors, withoutErrors } from './edit/page.ts'
import { type Outcome, type Round, type Sealing, takeTyped } from './edit/round.ts'

export interface EditFlags extends SealingFlags {
  seed: string[]
}

/** Changes a SealedSecret in an editor; what is left alone keeps its bytes. */
export async function runEdit(
  file: string,
  flags: EditFlags,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<void> {
  if (file === STDIN)
    throw usage('an editor needs a file', 'Name it; in a pipe, use `waxwing set` and `unset`.')
  const opened = await openFile(file, flags.name, signal)
  const { sealed } = opened.target
  const keys = flags.seed.length > 0 ? await readPrivateKeys(flags.seed, signal) : new Map()
  const values = keys.size > 0 ? await inFile(opened.target, () => unseal(sealed, keys)) : undefined
  // Before anything is typed: what is typed would be lost if it could not be sealed afterwards.
  const sealing = await sealingFor(() => newRecipients(opened, flags, keys, terminal, signal))
  const round: Round = {
    sealed,
    values,
    sealing,
    means: { kem: await chooseKem(), random: randomBytes, now: Date.now() },
    check: (after, set) => checkNewValues(opened, after, set, flags, signal),
  }
  const outcome = await editUntilGood(opened, round, terminal, signal)
  if (!outcome?.after) return terminal.note(`${file}: nothing to change`)
  sayFindings(terminal, outcome.findings)
  const recipients = outcome.sealsNew && 'recipients' in sealing ? sealing.recipients : []
  await applyChange({ opened, after: outcome.after, recipients }, flags, terminal, signal)
}

async function sealingFor(
  find: () => Promise<Extract<Sealing, { recipients: unknown }>['recipients']>,
): Promise<Sealing> {
  try {
    return { recipients: await find() }
  } catch (error) {
    const refused = findingsOfError(error)
    if (!refused) throw error
    return { refused: refused.map(({ file: _, line: __, column: ___, ...finding }) => finding) }
  }
}

const ROUNDS = 3

/** Opens the text again as long as it is wrong and somebody goes on changing it; undefined: nothing was changed. */
async function editUntilGood(
  { target, input }: OpenFile,
  terms: Round,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<Outcome | undefined> {
  const { sealed, values, sealing } = terms
  const [reason] = 'refused' in sealing ? sealing.refused : []
  const head = headText({
    file: input.name,
    identity: identity(sealed),
    open: values !== undefined,
    locked: reason && `${sentence(reason)} [${reason.code}]`,
  })
  const editor = openEditor(basename(target.file).replace(/(\.json)?$/, (end) => (end === '' ? '' : '.yaml')))
  try {
    if (!editor.inMemory && values)
      terminal.say('warn', 'no memory-backed folder here: the values are on a disk while the editor is open')
    let shown = head + bufferText(sealed, values)
    let before: Outcome | undefined
    for (let round = 1; ; round += 1) {
      const page = await editor.edit(shown, signal)
      if (isBlankPage(page)) return undefined
      if (before && withoutErrors(page) === withoutErrors(shown)) throw new Refused(before.findings)
      if (page === shown) return undefined
      const outcome = await takeTyped(page, terms)
      if (!outcome || outcome.after) return outcome
      // A script in the place of an editor may never come to an end.
      if (round === ROUNDS && !process.stdin.isTTY) throw new Refused(outcome.findings)
      before = outcome
      shown = pageWithErrors(page, outcome.findings)
    }
  } finally {
    editor.close()
  }
}
