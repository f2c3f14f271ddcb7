import type { SealingFlags } from '../change/flags.ts'
import { applyNewValues } from '../change/new-values.ts'
import { openFile } from '../change/open.ts'
import { newRecipients } from '../change/recipients.ts'
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
  await applyNewValues(opened, { values, recipients }, flags, terminal, signal)
  if (wanted.some(({ value }) => value !== undefined && value !== ''))
    terminal.say(
      'hint',
      "a value on the command line stays in the shell's history: leave `=VALUE` out to be asked, or use --stdin",
    )
}
