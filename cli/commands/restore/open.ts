import { placed, SealError } from '../../../shared/errors.ts'
import { type BackupArchive, readArchive } from '../../../shared/keys/backup/archive.ts'
import type { KeptKeys } from '../../../shared/keys/backup/contents.ts'
import { openByKeys, openByPassphrase } from '../../../shared/keys/backup/seal.ts'
import { shortId } from '../../../shared/keys/id.ts'
import { readInput, refuseTwoInputs } from '../../io/read.ts'
import { stretch } from '../../io/scrypt.ts'
import { readPrivateKeys } from '../../keys.ts'
import { knownPassphrase, type PassphraseFlags } from '../../passphrase.ts'

export interface OpenFlags extends PassphraseFlags {
  /** Files of private keys. */
  seed: readonly string[]
}

/** What a backup holds, and when it was made. That the file is whole is known before anybody types a passphrase. */
export async function openBackup(
  path: string,
  flags: OpenFlags,
  signal: AbortSignal,
): Promise<KeptKeys & { created: string }> {
  refuseTwoInputs([path, flags.passphraseFile, ...flags.seed])
  const input = await readInput(path, signal)
  try {
    const archive = readArchive(input.text)
    return { created: archive.created, ...(await open(archive, flags, signal)) }
  } catch (error) {
    throw ofBackup(error) ? placed(error, { file: input.name }) : error
  }
}

async function open(archive: BackupArchive, flags: OpenFlags, signal: AbortSignal): Promise<KeptKeys> {
  if (flags.seed.length > 0) return openByKeys(archive, await readPrivateKeys(flags.seed, signal))
  if (!archive.passphrase) {
    const ids = archive.recipients.map(({ key }) => shortId(key)).join(', ')
    throw new SealError('backup-recipient', `was made for ${ids}, without a passphrase`)
  }
  return openByPassphrase(archive, await knownPassphrase(flags, signal), stretch)
}

const ofBackup = (error: unknown): error is SealError =>
  error instanceof SealError && error.code.startsWith('backup-')
