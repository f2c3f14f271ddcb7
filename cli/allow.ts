import { nearestCheck, readAllowed } from '../shared/check/allow.ts'
import type { CheckCode } from '../shared/check-codes/all.ts'
import { usage } from './refused.ts'

/** The codes of `--allow`, given one at a time or with commas. */
export function readAllowFlags(flags: readonly string[] = []): CheckCode[] {
  const { codes, unknown } = readAllowed(flags.join(','))
  const [word] = unknown
  if (word === undefined) return codes
  const meant = nearestCheck(word)
  throw usage(
    `--allow ${word}: no check has this code`,
    meant === undefined ? 'The codes are listed in docs/checks.md.' : `Did you mean \`${meant}\`?`,
  )
}
