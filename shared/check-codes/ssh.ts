import type { CheckRow } from './row.ts'

export const SSH = {
  'ssh-missing': {
    severity: 'fail',
    what: 'An SSH Secret lacks `ssh-privatekey`, or the value is empty.',
    why: 'The API server refuses it.',
    fix: 'Give the private key.',
  },
  'ssh-public-key': {
    severity: 'fail',
    what: 'This is a public key; the private one belongs there.',
    why: 'Nobody can log in with a public key.',
    fix: 'Give the file without `.pub`.',
  },
  'ssh-key': {
    severity: 'fail',
    what: 'This is no private key that OpenSSH can use.',
    why: 'It is damaged, of another format, of an algorithm that OpenSSH does not know, or needs a device.',
    fix: 'Give a key that `ssh-keygen` made; PuTTY keys become one with `puttygen -O private-openssh`.',
  },
  'ssh-key-encrypted': {
    severity: 'fail',
    what: 'The private key is protected by a passphrase.',
    why: 'Nobody in a cluster can type it.',
    fix: 'Remove it from a copy with `ssh-keygen -p`, or allow this code if the program that reads it has the passphrase.',
  },
  'ssh-key-newline': {
    severity: 'warn',
    what: 'The last line of the key has no line break.',
    why: 'OpenSSH refuses such a key ("error in libcrypto", "invalid format"); some other programs read it.',
    fix: 'End the value with a line break: `--from-file` keeps it, `$(…)` takes it away.',
  },
  'ssh-key-form': {
    severity: 'warn',
    what: 'The key has CRLF line ends, blanks at their ends, or something before its first line.',
    why: 'OpenSSH refuses such a key ("error in libcrypto", "invalid format"); some other programs read it.',
    fix: 'Read the value from the unchanged key file; `dos2unix` repairs line ends.',
  },
  'ssh-key-pkcs8': {
    severity: 'warn',
    what: 'This is an Ed25519 key in PKCS#8.',
    why: 'OpenSSH reads that only since version 9.6.',
    fix: 'Make the key with `ssh-keygen`, which writes a format that all versions read.',
  },
} as const satisfies Record<string, CheckRow>
