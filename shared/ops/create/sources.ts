import { SealError } from '../../errors.ts'

/** What stands in kubectl's flags, read as kubectl reads it. No error holds what stood there: it may be a password. */

const usage = (message: string, hint?: string) => new SealError('usage', message, { hint })

/** `--from-literal KEY=VALUE`: all after the first `=` is the value, quotes and blanks too. */
export function parseLiteral(text: string): { key: string; value: string } {
  const at = text.indexOf('=')
  if (at < 1) throw usage('--from-literal needs KEY=VALUE')
  return { key: text.slice(0, at), value: text.slice(at + 1) }
}

/** `--from-file [KEY=]PATH`; without a key it is the name of the file. */
export function parseFileSource(text: string): { key: string | undefined; path: string } {
  const [first = '', second, ...more] = text.split('=')
  if (more.length > 0) throw usage('--from-file: neither a key nor a path can have a `=`', 'Rename the file.')
  if (first === '' || second === '') throw usage('--from-file needs PATH or KEY=PATH')
  return second === undefined ? { key: undefined, path: first } : { key: first, path: second }
}

/** `--label KEY=VALUE`, `--annotation KEY=VALUE`. */
export function parsePairs(flag: string, texts: readonly string[]): Map<string, string> {
  const pairs = new Map<string, string>()
  for (const text of texts) {
    const at = text.indexOf('=')
    if (at < 1) throw usage(`${flag} needs KEY=VALUE`)
    const key = text.slice(0, at)
    if (pairs.has(key)) throw usage(`${flag} is given twice for one key`)
    pairs.set(key, text.slice(at + 1))
  }
  return pairs
}
