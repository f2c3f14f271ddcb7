import { SealError } from '../shared/errors.ts'
import { askHidden, askOnce, canAsk } from './io/prompt.ts'
import { readInput } from './io/read.ts'
import { usage } from './refused.ts'

export interface PassphraseFlags {
  /** `-`: standard input. Neither an argument nor a variable holds one: other users may look at these. */
  passphraseFile?: string
}

/** Against guessing without limit; nobody types a passphrase of that length that is one word. */
const MIN_CHARACTERS = 14

/** One to lock with. */
export async function newPassphrase(flags: PassphraseFlags, signal: AbortSignal): Promise<string> {
  const passphrase = (await fromFile(flags, signal)) ?? (await asked(() => askHidden('Passphrase', signal)))
  if ([...passphrase.trim()].length < MIN_CHARACTERS)
    throw new SealError('passphrase-weak', `the passphrase has fewer than ${MIN_CHARACTERS} characters`)
  return passphrase
}

/** One to open with. */
export const knownPassphrase = async (flags: PassphraseFlags, signal: AbortSignal): Promise<string> =>
  (await fromFile(flags, signal)) ?? asked(() => askOnce('Passphrase', signal))

async function fromFile(
  { passphraseFile }: PassphraseFlags,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (passphraseFile === undefined) return undefined
  const { name, text } = await readInput(passphraseFile, signal)
  const passphrase = text.replace(/\r?\n$/, '')
  if (/[\r\n]/.test(passphrase))
    throw usage(`${name} has several lines`, 'A passphrase is the one line of its file.')
  return passphrase
}

function asked(ask: () => Promise<string>): Promise<string> {
  if (canAsk()) return ask()
  throw usage('there is no terminal to ask for the passphrase on', 'Pass --passphrase-file FILE.')
}
