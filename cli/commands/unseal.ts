import { isFail } from '../../shared/check/finding.ts'
import { type Output, streamText } from '../../shared/ops/output.ts'
import { unsealStream } from '../../shared/ops/unseal-stream.ts'
import { readInput, STDIN } from '../io/read.ts'
import { readPrivateKeys } from '../keys.ts'
import { Refused, usage } from '../refused.ts'
import { counted } from '../render/text.ts'
import type { Terminal } from '../terminal.ts'

export interface UnsealFlags {
  seed: string[]
  output?: Output
}

/** Opens every SealedSecret of a file with private keys at hand, or none of them. */
export async function runUnseal(
  file: string | undefined,
  flags: UnsealFlags,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<void> {
  if (flags.seed.length === 0)
    throw usage(
      'no private key: pass --seed FILE',
      'In the cluster the controller opens it; offline, a recovery key.',
    )
  const { name, text } = await readInput(file ?? STDIN, signal)
  const keys = await readPrivateKeys(flags.seed, signal)
  const { documents, findings, opened } = await unsealStream(name, text, keys)
  if (findings.some(isFail)) throw new Refused(findings)
  await terminal.write(streamText(documents, flags.output))
  terminal.say('opened', `${name} → stdout   ${counted(opened, 'Secret')} in plain text`)
}
