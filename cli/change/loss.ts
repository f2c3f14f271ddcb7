import type { Finding } from '../../shared/check/finding.ts'
import { SealError } from '../../shared/errors.ts'
import type { SealedSecret } from '../../shared/format/sealed-secret.ts'
import { valueText } from '../../shared/format/write.ts'
import { committedText } from '../io/committed.ts'
import { ask, canAsk } from '../io/prompt.ts'
import { Refused } from '../refused.ts'
import type { Terminal } from '../terminal.ts'

/** Values of a file that a command would make unreadable, and that git has in no last commit either. */
export interface Loss {
  file: string
  keys: string[]
}

/** Those of the keys whose present value would be gone for good. Outside of a git work tree nobody keeps any of them. */
export function uncommittedKeys(path: string, before: SealedSecret, gone: readonly string[]): string[] {
  const committed = gone.length > 0 ? committedText(path) : undefined
  if (committed === undefined) return []
  return gone.filter((key) => {
    const value = before.data.get(key)
    return value !== undefined && !committed.includes(valueText(value))
  })
}

/** Asks whether to go on; refuses where nobody can be asked. */
export async function confirmLoss(
  losses: readonly Loss[],
  terminal: Terminal,
  signal: AbortSignal,
): Promise<void> {
  if (losses.length === 0) return
  refuseUnasked(losses)
  sayLosses(losses, terminal)
  const answer = await ask('Go on? [y/N]', signal)
  if (/^y(es)?$/i.test(answer.trim())) return
  const [first] = losses
  throw new SealError('uncommitted', 'left as it is', first && { where: { file: first.file } })
}

export function refuseUnasked(losses: readonly Loss[]): void {
  if (losses.length > 0 && !canAsk()) throw new Refused(losses.map(lossFinding))
}

export function sayLosses(losses: readonly Loss[], terminal: Terminal): void {
  for (const loss of losses) terminal.say('warn', `${loss.file}: ${wordsOf(loss)}`)
}

const lossFinding = (loss: Loss): Finding => ({
  code: 'uncommitted',
  severity: 'fail',
  file: loss.file,
  args: { reason: wordsOf(loss) },
})

const wordsOf = ({ keys }: Loss): string =>
  `the present value of ${keys.map((key) => `\`${key}\``).join(', ')} is in no commit and would be lost`
