import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { decodeText, MAX_INPUT_BYTES, unreadable, WORDS } from './read.ts'

/** Used again for each file: most manifests are far smaller. */
const buffer = Buffer.allocUnsafe(1 << 20)

/**
 * The text of a file if it holds `mark`, read at once: for thousands of small files, waiting for each costs more than
 * reading it. What is not text is undefined too.
 */
export function readIfHolds(path: string, mark: string): string | undefined {
  const bytes = readWhole(path)
  if (!bytes.includes(mark)) return undefined
  try {
    return decodeText(bytes)
  } catch {
    return undefined
  }
}

function readWhole(path: string): Buffer {
  let file: number | undefined
  try {
    file = openSync(path, 'r')
    const { size } = fstatSync(file)
    if (size > MAX_INPUT_BYTES) throw unreadable(path, `is larger than ${MAX_INPUT_BYTES >> 20} MiB`)
    const target = size <= buffer.length ? buffer : Buffer.allocUnsafe(size)
    let length = 0
    for (let got = -1; got !== 0 && length < size; length += got)
      got = readSync(file, target, length, size - length, null)
    return target.subarray(0, length)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === undefined || !('syscall' in (error as Error))) throw error
    throw unreadable(path, WORDS[code] ?? `cannot be read (${code})`)
  } finally {
    if (file !== undefined) closeSync(file)
  }
}
