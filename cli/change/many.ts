import { SealError } from '../../shared/errors.ts'
import { confirm } from '../io/prompt.ts'
import { readInput } from '../io/read.ts'
import { type FileToWrite, writeFiles } from '../io/write.ts'
import { counted } from '../render/text.ts'

export interface FileChange extends FileToWrite {
  /** As it was read: whoever wrote it meanwhile is not written over. */
  before: string
}

export const confirmFiles = (count: number, signal: AbortSignal): Promise<void> =>
  confirm(`Apply to ${counted(count, 'file')}?`, signal)

/** All files, or none. */
export async function writeChanges(all: readonly FileChange[], signal: AbortSignal): Promise<void> {
  for (const { path, before } of all)
    if ((await readInput(path, signal)).text !== before)
      throw new SealError('file-changed', 'was changed while this command ran', { where: { file: path } })
  await writeFiles(all)
}
