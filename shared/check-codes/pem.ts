import type { CheckRow } from './row.ts'

export const PEM = {
  'pem-missing': {
    severity: 'fail',
    what: 'The value holds no PEM block.',
    why: 'Programs look for a line that begins with `-----BEGIN`; DER and PKCS#12 are not read.',
    fix: 'Give the PEM text; convert DER with `openssl x509 -inform der`, PKCS#12 with `openssl pkcs12`.',
  },
  'pem-flattened': {
    severity: 'fail',
    what: 'The PEM text has lost its line breaks.',
    why: 'They are missing, blanks, or spelled out as `\\n`: mostly the work of an environment variable.',
    fix: 'Read the value from the file (`--from-file`) instead.',
  },
  'pem-broken': {
    severity: 'fail',
    what: 'A PEM block is damaged: indented, cut off, or not base64.',
    why: 'No program reads it, or each skips it without a word.',
    fix: 'Copy the file again, whole and unchanged.',
  },
  'pem-junk': {
    severity: 'warn',
    what: 'Something that is no PEM block stands after the last block.',
    why: 'Most programs pass over it; it may be half of another file.',
    fix: 'Remove what follows the last `-----END` line.',
  },
  'not-checked': {
    severity: 'warn',
    what: 'Certificates and PEM keys cannot be checked here, beyond their outer form.',
    why: 'The browser has no reader for them.',
    fix: 'Seal with the command line, or look at the value with openssl.',
  },
} as const satisfies Record<string, CheckRow>
