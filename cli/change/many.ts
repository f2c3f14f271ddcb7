import { SealError } from '../../shared/errors.ts'
import { ask, canAsk } from '../io/prompt.ts'
import { readInput } from '../io/read.ts'
import { type FileToWrite, writeFiles } from '../io/write.ts'
import { usage } from '../refused.ts'
import { counted } from '../render/text.ts'

export interface FileChange extends FileToWrite {
  /** As it was read: whoever wrote it meanwhile is not written over. */
  before: string
}

export async function confirmFiles(count: number, signal: AbortSignal): Promise<void> {
  if (!canAsk())
    throw usage('there is no terminal to ask on', 'Pass --yes to apply it, or --dry-run to look.')
  const answer = await ask(`Apply to ${counted(count, 'file')}? [y/N]`, signal)
  if (!/^y(es)?$/i.test(answer.trim())) throw usage('left as it is')
}

/** All files, or none. */
export async function writeChanges(all: readonly FileChange[], signal: AbortSignal): Promise<void> {
  for (const { path, before } of all)
    if ((await readInput(path, signal)).text !== before)
      throw new SealError('file-changed', 'was changed while this command ran', { where: { file: path } })
  await writeFiles(all)
}
