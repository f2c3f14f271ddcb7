import { isFail } from '../../shared/check/finding.ts'
import { chooseKem } from '../../shared/crypto/kem/choose.ts'
import { setValues } from '../../shared/ops/edit/values.ts'
import { applyChange } from '../change/apply.ts'
import { checkNewValues } from '../change/checks.ts'
import type { SealingFlags } from '../change/flags.ts'
import { inFile, openFile } from '../change/open.ts'
import { newRecipients } from '../change/recipients.ts'
import { Refused } from '../refused.ts'
import { sayFindings } from '../render/diagnostics.ts'
import type { Terminal } from '../terminal.ts'
import { meantKey, parseWanted, readValues, type ValueSources } from './set/values.ts'

export interface SetFlags extends SealingFlags, ValueSources {}

/** Seals new values into a SealedSecret in its file; no private key is needed. */
export async function runSet(
  file: string,
  words: readonly string[],
  flags: SetFlags,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<void> {
  const wanted = parseWanted(words, file, flags)
  const opened = await openFile(file, flags.name, signal)
  const { sealed } = opened.target
  const recipients = await newRecipients(opened, flags, new Map(), terminal, signal)
  for (const { key } of wanted) {
    const meant = meantKey(key, [...sealed.data.keys()])
    if (meant !== undefined) terminal.say('hint', `${key} is new; there is a value \`${meant}\``)
  }
  const values = await readValues(wanted, flags, signal)
  const findings = await checkNewValues(opened, sealed, values, flags, signal)
  if (findings.some(isFail)) throw new Refused(findings)
  sayFindings(terminal, findings)
  const means = { kem: await chooseKem(), random: randomBytes, now: Date.now() }
  const after = await inFile(opened.target, () => setValues(sealed, values, recipients, means))
  await applyChange({ opened, after, recipients }, flags, terminal, signal)
  if (wanted.some(({ value }) => value !== undefined && value !== ''))
    terminal.say(
      'hint',
      "a value on the command line stays in the shell's history: leave `=VALUE` out to be asked, or use --stdin",
    )
}

const randomBytes = (size: number): Uint8Array => crypto.getRandomValues(new Uint8Array(size))
