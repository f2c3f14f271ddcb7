import type { Finding } from '../../shared/check/finding.ts'
import { nearest } from '../../shared/check/nearest.ts'
import { SealError } from '../../shared/errors.ts'
import type { SealedSecret } from '../../shared/format/sealed-secret.ts'
import { templatesUsing } from '../../shared/ops/edit/template-uses.ts'
import { unsetValues } from '../../shared/ops/edit/values.ts'
import { applyChange } from '../change/apply.ts'
import type { ChangeFlags } from '../change/flags.ts'
import { openFile } from '../change/open.ts'
import { sayFindings } from '../render/diagnostics.ts'
import type { Terminal } from '../terminal.ts'

/** Drops values of a SealedSecret in its file; no key is needed. */
export async function runUnset(
  file: string,
  keys: readonly string[],
  flags: ChangeFlags,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<void> {
  const opened = await openFile(file, flags.name, signal)
  const { target, input } = opened
  const known = [...target.sealed.data.keys()]
  for (const key of keys) if (!known.includes(key)) throw missingValue(input.name, key, known)
  const after = unsetValues(target.sealed, new Set(keys))
  await applyChange({ opened, after, recipients: [] }, flags, terminal, signal)
  sayFindings(
    terminal,
    keys.flatMap((key) => stillUsed(input.name, after, key)),
  )
}

/** The templates that speak of a value that is there no more. */
export const stillUsed = (file: string, after: SealedSecret, key: string): Finding[] =>
  templatesUsing(after, key).map((name) => ({
    code: 'template',
    severity: 'warn',
    file,
    args: { reason: `the template \`${name}\` still speaks of ${key}` },
  }))

export function missingValue(file: string, key: string, known: readonly string[]): SealError {
  const meant = nearest(key, known)
  const hint =
    meant === undefined ? `It has ${known.join(', ') || 'no values at all'}.` : `Did you mean \`${meant}\`?`
  return new SealError('value-missing', 'there is no value of that name', { where: { file }, hint })
}
