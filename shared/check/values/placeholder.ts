import { problem } from '../secret-problem.ts'
import type { ValueCheck } from './value.ts'

// Sets and not patterns: a pattern of so many words takes longer to compile than a short command has use for it.
const words = (text: string): ReadonlySet<string> => new Set(text.split(' '))
/** Never meant as a value, whatever it is for. Compared without case, and with `-`, `_` and blanks taken out. */
const PLACEHOLDERS = words(
  'changeme changemenow changemeplease changemelater changeit changethis replaceme replacethis fixme todo tbd fillme fillmein fillin placeholder example dummy redacted null undefined [objectobject] mypassword mysecret mytoken myapikey',
)
const LIKE_PLACEHOLDERS =
  /^(x{3,}|\*{3,}|\.{3,}|your\w*(here|password|secret|token|key|username)|(insert|put|enter)your\w+)$/
/** Real words elsewhere, and no password anywhere. */
const WEAK = words(
  'password passwd p@ssw0rd passw0rd pass pwd secret token apikey test testing foo bar foobar admin default',
)
const SECRET_KEY = /pass|pwd|secret|token|api.?key|private/i
/** `<password>`, `${PASSWORD}`, `$(PASSWORD)`, `{{ .password }}`, `%PASSWORD%`, `$PASSWORD`: something should have replaced them. */
const UNFILLED = /^(<[^<>]*>|\$\{[^{}]*\}|\$\([^()]*\)|\{\{.*\}\}|%[A-Z_][A-Z0-9_]*%|\$[A-Z][A-Z0-9_]*)$/s

export const checkPlaceholder: ValueCheck = ({ key, text = '', kind }) => {
  const value = text.replace(/^\uFEFF/, '').trim()
  if (kind === 'cluster' || value === '' || value.length > 100) return undefined
  const word = value.toLowerCase().replace(/[-_\s]/g, '')
  const looksSo = isPlaceholder(word) || isUnfilled(value) || (isWeak(word) && SECRET_KEY.test(key))
  return looksSo ? problem('value-placeholder', key) : undefined
}

const isPlaceholder = (word: string): boolean => PLACEHOLDERS.has(word) || LIKE_PLACEHOLDERS.test(word)

const isUnfilled = (value: string): boolean => '<${%'.includes(value.charAt(0)) && UNFILLED.test(value)

const isWeak = (word: string): boolean => WEAK.has(word) || /^12345\d*$/.test(word)
