import { isFail } from '../../shared/check/finding.ts'
import { SealError } from '../../shared/errors.ts'
import { findingsOf } from '../../shared/ops/documents.ts'
import { type EditTarget, findTarget } from '../../shared/ops/edit/target.ts'
import { type Input, readInput } from '../io/read.ts'
import { Refused } from '../refused.ts'

/** A SealedSecret in a file that was read; the text is kept, so that what was written meanwhile is noticed. */
export interface OpenFile {
  input: Input
  target: EditTarget
}

export async function openFile(
  file: string,
  name: string | undefined,
  signal: AbortSignal,
): Promise<OpenFile> {
  const input = await readInput(file, signal)
  const { target, findings } = findTarget(input.name, input.text, name)
  if (!target || findings.some(isFail)) throw new Refused(findings)
  return { input, target }
}

/** What `step` gives; a refusal is placed where its path stands in the file. */
export async function inFile<T>({ source, node }: EditTarget, step: () => T | Promise<T>): Promise<T> {
  try {
    return await step()
  } catch (error) {
    if (!(error instanceof SealError) || error.where) throw error
    throw new Refused(findingsOf(source, error, node))
  }
}
