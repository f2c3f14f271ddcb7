import {
  closeSync,
  fchmodSync,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { SealError } from '../../shared/errors.ts'
import { randomBytes } from './random.ts'

export interface FileToWrite {
  path: string
  text: string
}

/**
 * Writes files whole or not at all: each into a temporary file beside its target, then all renamed. A target keeps its
 * mode, and a symbolic link its place.
 */
export function writeFiles(files: readonly FileToWrite[]): void {
  const ready: { temporary: string; target: string }[] = []
  try {
    for (const { path, text } of files) {
      const { target, mode, regular } = examine(path)
      if (regular) ready.push({ temporary: writeBeside(path, target, text, mode), target })
      else writeInto(path, text)
    }
    for (const { temporary, target } of ready) attempt(target, () => renameSync(temporary, target))
  } finally {
    for (const { temporary } of ready) rmSync(temporary, { force: true })
  }
}

/** A new file that only its owner may read; refuses one that is there. */
export function writeNewPrivate(path: string, text: string): void {
  const file = attempt(path, () => openSync(path, 'wx', 0o600))
  try {
    attempt(path, () => writeOpen(file, text))
  } catch (error) {
    rmSync(path, { force: true })
    throw error
  } finally {
    closeSync(file)
  }
}

function examine(path: string): { target: string; mode: number | undefined; regular: boolean } {
  const stats = statSync(path, { throwIfNoEntry: false })
  if (!stats) return { target: path, mode: undefined, regular: true }
  if (stats.isDirectory()) throw unwritable(path, 'is a directory')
  return { target: realpathSync(path), mode: stats.mode & 0o7777, regular: stats.isFile() }
}

const randomName = (): string => Buffer.from(randomBytes(6)).toString('hex')

function writeBeside(path: string, target: string, text: string, mode: number | undefined): string {
  const temporary = join(dirname(target), `.${basename(target)}.${randomName()}.tmp`)
  const file = attempt(path, () => openSync(temporary, 'wx', mode ?? 0o666))
  try {
    attempt(path, () => {
      if (mode !== undefined) fchmodSync(file, mode)
      writeOpen(file, text)
    })
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  } finally {
    closeSync(file)
  }
  return temporary
}

function writeOpen(file: number, text: string): void {
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at)
  fsyncSync(file)
}

/** A pipe or device cannot be renamed onto. */
function writeInto(path: string, text: string): void {
  const file = attempt(path, () => openSync(path, 'w'))
  try {
    const bytes = Buffer.from(text)
    for (let at = 0; at < bytes.length; ) at += attempt(path, () => writeSync(file, bytes, at))
  } finally {
    closeSync(file)
  }
}

function attempt<T>(path: string, step: () => T): T {
  try {
    return step()
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException
    if (code === 'EEXIST') throw new SealError('file-exists', 'is there already', { where: { file: path } })
    throw unwritable(path, WORDS[code] ?? `cannot be written (${code})`)
  }
}

const WORDS: Record<string, string> = {
  ENOENT: 'cannot be written: its folder does not exist',
  EACCES: 'cannot be written: permission denied',
  ENOSPC: 'cannot be written: no space left',
  EROFS: 'cannot be written: read-only file system',
}

const unwritable = (file: string, words: string) => new SealError('file-write', words, { where: { file } })
