import { setImmediate } from 'node:timers/promises'
import type { PrivateKeys } from '../../../shared/format/unseal.ts'
import type { CheckTerms } from '../../../shared/ops/check-notes.ts'
import {
  GROUP,
  nothingVerified,
  type VerifiedStream,
  verifyStream,
} from '../../../shared/ops/verify-stream.ts'
import { readInput } from '../../io/read.ts'
import { readIfHolds } from '../../io/read-if.ts'
import type { Progress } from '../../render/progress.ts'
import { rulingFor } from '../../ruling.ts'

interface Means {
  keys: PrivateKeys | undefined
  terms: CheckTerms
  /** What was named, and not found by walking through a folder. */
  named: ReadonlySet<string>
  progress: Progress
}

/** In between, Ctrl-C is heard and the progress shown. */
const SLICE = 64

/** Checks one file after the other, in their order. */
export async function verifyFiles(
  files: readonly string[],
  means: Means,
  signal: AbortSignal,
): Promise<VerifiedStream[]> {
  const streams: VerifiedStream[] = []
  for (const [i, file] of files.entries()) {
    streams.push(await verifyFile(file, means, signal))
    if (i % SLICE < SLICE - 1) continue
    means.progress.at(i + 1)
    await setImmediate()
    signal.throwIfAborted()
  }
  return streams
}

/** A file that is not text is none of ours when a folder was searched, and a mistake when it was named. */
async function verifyFile(
  file: string,
  { keys, terms, named }: Means,
  signal: AbortSignal,
): Promise<VerifiedStream> {
  if (named.has(file)) {
    const { name, text } = await readInput(file, signal)
    return verifyStream(name, text, keys, { ...terms, policy: await rulingFor(name, signal) })
  }
  const text = readIfHolds(file, GROUP)
  if (text === undefined) return nothingVerified()
  return verifyStream(file, text, keys, { ...terms, policy: await rulingFor(file, signal) })
}
