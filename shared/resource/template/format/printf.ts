import type { Budget } from '../budget.ts'
import { Fault } from '../fault.ts'
import type { Value } from '../values.ts'
import { formatted } from './verbs.ts'

const MAX_WIDTH = 1_000
const VERB = /%([-+# 0]*)(\d*)(?:(\.)(\d*))?([\s\S])?/g

/**
 * Go's fmt.Sprintf. Arguments must fit the format, one for each verb; `*` and `[n]` are not supported. Where Go writes a
 * complaint into the text (`%!d(string=…)`), this is refused.
 */
export function sprintf(format: string, args: readonly Value[], budget: Budget): string {
  let used = 0
  let from = 0
  let out = ''
  for (const match of format.matchAll(VERB)) {
    const [whole, flags = '', width, dot, precision, letter] = match
    out += format.slice(from, match.index)
    from = match.index + whole.length
    if (letter === '%') {
      out += '%'
      continue
    }
    if (letter === undefined) throw new Fault('a % without a verb')
    if (used >= args.length) throw new Fault('more verbs than arguments')
    const numbers = { width: Number(width || 0), precision: dot ? Number(precision || 0) : undefined }
    if (numbers.width > MAX_WIDTH || (numbers.precision ?? 0) > MAX_WIDTH)
      throw new Fault(`a width or precision over ${MAX_WIDTH}`)
    out += formatted(args[used], { letter, flags, ...numbers }, budget)
    used += 1
  }
  if (used < args.length) throw new Fault('more arguments than verbs')
  return out + format.slice(from)
}
