import type { CheckRow } from './row.ts'

export const VALUES = {
  'value-empty': {
    severity: 'warn',
    what: 'The value is empty or only white space.',
    why: 'Mostly a variable was not set or a file was empty.',
    fix: 'Give the value, or remove the key.',
  },
  'value-newline': {
    severity: 'warn',
    what: 'The value ends with a line break.',
    why: 'It becomes part of the password, and the login fails.',
    fix: 'Use `printf %s` instead of `echo`, or `|-` instead of `|` in YAML.',
  },
  'value-space': {
    severity: 'warn',
    what: 'The value begins or ends with white space.',
    why: 'It becomes part of the password, and the login fails.',
    fix: 'Remove it, unless it really belongs to the value.',
  },
  'value-base64': {
    severity: 'warn',
    what: 'The value is the base64 of readable text.',
    why: 'It was probably encoded twice: only values under `data` are base64, and only once.',
    fix: 'Give the text itself, under `stringData`, in `--from-literal` or in a file.',
  },
  'value-crlf': {
    severity: 'warn',
    what: 'The lines of the value end as on Windows (CRLF).',
    why: 'Shells and many programs take the carriage return for a part of the line.',
    fix: 'Convert the file with `dos2unix`, unless its reader expects this.',
  },
  'value-bom': {
    severity: 'warn',
    what: 'The value begins with a byte order mark.',
    why: 'Most programs take it for a part of the text; UTF-16 they do not read at all.',
    fix: 'Save the file as UTF-8 without it; in PowerShell: `Out-File -Encoding utf8NoBOM`.',
  },
  'value-placeholder': {
    severity: 'warn',
    what: 'The value looks like a placeholder, or a variable that nothing has replaced.',
    why: 'Anyone can guess it, or it will never work.',
    fix: 'Give the real value.',
  },
} as const satisfies Record<string, CheckRow>
