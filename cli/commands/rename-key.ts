import { chooseKem } from '../../shared/crypto/kem/choose.ts'
import { SealError } from '../../shared/errors.ts'
import { isDataKey } from '../../shared/format/limits.ts'
import { unseal } from '../../shared/format/unseal.ts'
import { renameValue } from '../../shared/ops/edit/values.ts'
import { applyChange } from '../change/apply.ts'
import type { SealingFlags } from '../change/flags.ts'
import { inFile, openFile } from '../change/open.ts'
import { newRecipients } from '../change/recipients.ts'
import { randomBytes } from '../io/random.ts'
import { readPrivateKeys } from '../keys.ts'
import { usage } from '../refused.ts'
import { sayFindings } from '../render/diagnostics.ts'
import type { Terminal } from '../terminal.ts'
import { missingValue, stillUsed } from './unset.ts'

export interface RenameFlags extends SealingFlags {
  seed: string[]
}

/** Gives a value another data key. Its name is sealed with it, so it is opened and sealed again. */
export async function runRenameKey(
  file: string,
  [from, to]: readonly [string, string],
  flags: RenameFlags,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<void> {
  if (!isDataKey(to)) throw usage('the new key is not one that Kubernetes accepts')
  if (flags.seed.length === 0)
    throw usage(
      'no private key: pass --seed FILE',
      "A value's name is sealed with it; without the key, `set` the new one and `unset` the old.",
    )
  const opened = await openFile(file, flags.name, signal)
  const { target, input } = opened
  const { sealed } = target
  if (!sealed.data.has(from)) throw missingValue(input.name, from, [...sealed.data.keys()])
  if (sealed.data.has(to) || sealed.template.data.has(to))
    throw new SealError('value-exists', 'there is a value of that name already', {
      where: { file: input.name },
    })
  const keys = await readPrivateKeys(flags.seed, signal)
  // Only the envelope that is needed has to open.
  const held = sealed.data.get(from)
  const alone = {
    ...sealed,
    envelopes: sealed.envelopes.filter(({ id }) => id === held?.envelope),
    data: new Map([...sealed.data].filter(([key]) => key === from)),
  }
  const value = (await inFile(target, () => unseal(alone, keys))).get(from) ?? new Uint8Array()
  const recipients = await newRecipients(
    opened,
    { ...flags, recipientsOf: flags.recipientsOf ?? held?.envelope ?? '' },
    keys,
    terminal,
    signal,
  )
  const means = { kem: await chooseKem(), random: randomBytes, now: Date.now() }
  const after = await renameValue(sealed, { from, to, value }, recipients, means)
  await applyChange({ opened, after, recipients }, flags, terminal, signal)
  sayFindings(terminal, stillUsed(input.name, after, from))
}
