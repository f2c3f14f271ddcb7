import { problem } from '../secret-problem.ts'
import type { ValueCheck } from './value.ts'

/** Never meant as a value, whatever it is for. Compared without case, and with `-`, `_` and blanks taken out. */
const PLACEHOLDERS =
  /^(changeme(now|please|later)?|changeit|changethis|replaceme|replacethis|fixme|todo|tbd|fillme(in)?|fillin|placeholder|example|dummy|redacted|null|undefined|\[objectobject\]|x{3,}|\*{3,}|\.{3,}|your\w*(here|password|secret|token|key|username)|(insert|put|enter)your\w+|my(password|secret|token|apikey))$/
/** Real words elsewhere, and no password anywhere. */
const WEAK =
  /^(passw(or)?d|p@ssw0rd|passw0rd|pass|pwd|secret|token|apikey|test|testing|foo|bar|foobar|admin|12345\d*|default)$/
const SECRET_KEY = /pass|pwd|secret|token|api.?key|private/i
/** `<password>`, `${PASSWORD}`, `$(PASSWORD)`, `{{ .password }}`, `%PASSWORD%`, `$PASSWORD`: something should have replaced them. */
const UNFILLED = /^(<[^<>]*>|\$\{[^{}]*\}|\$\([^()]*\)|\{\{.*\}\}|%[A-Z_][A-Z0-9_]*%|\$[A-Z][A-Z0-9_]*)$/s

export const checkPlaceholder: ValueCheck = ({ key, text = '', kind }) => {
  const value = text.replace(/^\uFEFF/, '').trim()
  if (kind === 'cluster' || value === '' || value.length > 100) return undefined
  const word = value.toLowerCase().replace(/[-_\s]/g, '')
  const looksSo = PLACEHOLDERS.test(word) || UNFILLED.test(value) || (SECRET_KEY.test(key) && WEAK.test(word))
  return looksSo ? problem('value-placeholder', key) : undefined
}
