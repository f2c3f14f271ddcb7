/** What may speak against a backup of sealing keys, or its use. */
export const BACKUP = {
  'backup-format': {
    what: 'The file is no backup of sealing keys, or not one that this version reads.',
    why: 'It is used whole or not at all. Numbers that this version does not write could be a weaker lock, or ask for all of the memory.',
    fix: 'Give the file that `waxwing keys backup` wrote, to the version that wrote it or a later one.',
  },
  'backup-damaged': {
    what: 'The backup is cut off, damaged or changed. No passphrase is at fault.',
    why: 'A backup is used whole or not at all, so nothing of it was.',
    fix: 'Take another copy of the file, as it was written: to the byte.',
  },
  'backup-passphrase': {
    what: 'The passphrase is not the one that the backup was made with. The file itself is whole.',
    why: 'Nothing else opens it but that passphrase, or the private key of a recipient.',
    fix: 'Try again; capitals, spaces and the keyboard layout count. `--seed FILE` opens it as a recipient.',
  },
  'backup-recipient': {
    what: 'The backup cannot be opened in the way that was chosen.',
    why: 'It opens by the passphrase that it was made with, or by the private key of one of its recipients.',
    fix: 'Pass `--seed FILE` with the private key of a recipient, or the passphrase if it has one.',
  },
  'backup-wrapped': {
    what: 'A seed is wrapped by a KMS or by transit, and only that opens it.',
    why: 'A backup of it is worth nothing once the provider is gone together with the cluster.',
    fix: 'Have the controller store it in plain while you back up (docs/backup.md), or pass `--allow-wrapped` if the provider is kept elsewhere.',
  },
  'backup-circle': {
    what: 'The only recipients of the backup would be keys that are in it.',
    why: 'Whoever has lost the cluster has lost these too, and nobody could open it.',
    fix: 'Give the public key of a recovery key by `-k`, or a passphrase.',
  },
  'backup-conflict': {
    what: 'The cluster has another Secret under the name of a key that is to be restored.',
    why: 'Nothing that is there is written over, and nothing was written.',
    fix: 'Look at the Secret that is there; move it away if it is not needed, then restore again.',
  },
  'passphrase-weak': {
    what: 'The passphrase is too short.',
    why: 'Whoever finds the file can guess for years, and opens every value that was ever sealed.',
    fix: 'Take six words drawn by dice, or 20 characters of a password manager.',
  },
} as const
