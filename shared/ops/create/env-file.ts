import { SealError } from '../../errors.ts'

export interface EnvEntry {
  key: string
  value: string
  line: number
}

/** Go's unicode.IsSpace; JavaScript's own would take a byte order mark along. */
const LEADING_SPACE = /^[\t\n\v\f\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/
/** IsEnvVarName of Kubernetes' validation. */
const NAME = /^[-._a-zA-Z][-._a-zA-Z0-9]*$/

/**
 * An env file as kubectl reads it (pkg/cmd/util/env_file.go): no quotes, no comments behind values, blanks kept; a line
 * without `=` takes its value from the environment. kubectl ends without a word at a line of 64 KiB; here it is read.
 */
export function parseEnvFile(
  file: string,
  text: string,
  environment: Readonly<Record<string, string | undefined>>,
): EnvEntry[] {
  const lines = text.replace(/^\uFEFF/, '').split('\n')
  return lines.flatMap((each, i) => {
    const content = each.replace(/\r$/, '').replace(LEADING_SPACE, '')
    if (content === '' || content.startsWith('#')) return []
    const at = content.indexOf('=')
    const key = at < 0 ? content : content.slice(0, at)
    if (!NAME.test(key) || key === '.' || key.startsWith('..')) throw notEnv(file, i + 1)
    return [{ key, value: at < 0 ? (environment[key] ?? '') : content.slice(at + 1), line: i + 1 }]
  })
}

const notEnv = (file: string, line: number) =>
  new SealError('env-file', 'is not KEY=VALUE with the name of a variable', { where: { file, line } })
