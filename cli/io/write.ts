import {
  closeSync,
  fchmodSync,
  fsync,
  fsyncSync,
  linkSync,
  lstatSync,
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

/** So many are open and being waited for at a time: far below what a process may have open. */
const AT_ONCE = 128

interface Ready {
  temporary: string
  target: string
}

/**
 * Writes files whole or not at all: each into a temporary file beside its target, then all renamed. A target keeps its
 * mode, and a symbolic link its place.
 */
export async function writeFiles(files: readonly FileToWrite[]): Promise<void> {
  await write(files, renameAll)
}

/** As `writeFiles`, for few files that make no sense without each other: one that cannot be replaced leaves all as they were. */
export async function writeTogether(files: readonly FileToWrite[]): Promise<void> {
  await write(files, (ready) => {
    const kept = ready.map(({ target }) => ({ target, old: besideOf(target, 'old') }))
    const done: typeof kept = []
    try {
      for (const one of kept) attempt(one.target, () => linkSync(one.target, one.old))
      for (const [i, { temporary, target }] of ready.entries()) {
        attempt(target, () => renameSync(temporary, target))
        done.push(...kept.slice(i, i + 1))
      }
    } catch (error) {
      for (const { target, old } of done) renameSync(old, target)
      throw error
    } finally {
      for (const { old } of kept) rmSync(old, { force: true })
    }
  })
}

function renameAll(ready: readonly Ready[]): void {
  for (const { temporary, target } of ready) attempt(target, () => renameSync(temporary, target))
}

async function write(
  files: readonly FileToWrite[],
  replace: (ready: readonly Ready[]) => void,
): Promise<void> {
  const ready: Ready[] = []
  const clear = () => {
    for (const { temporary } of ready) rmSync(temporary, { force: true })
  }
  process.once('exit', clear)
  try {
    for (let i = 0; i < files.length; i += AT_ONCE) await prepare(files.slice(i, i + AT_ONCE), ready)
    replace(ready)
    // All are in their places: there is nothing of them to look for.
    ready.length = 0
  } finally {
    process.off('exit', clear)
    clear()
  }
}

/** All of the temporary files, on the disk: one after the other they would wait for it as many times. */
async function prepare(files: readonly FileToWrite[], ready: Ready[]): Promise<void> {
  const open: { path: string; file: number }[] = []
  try {
    for (const { path, text } of files) {
      const { target, mode, regular } = examine(path)
      if (!regular) {
        writeInto(path, text)
        continue
      }
      const temporary = besideOf(target, 'tmp')
      const file = attempt(path, () => openSync(temporary, 'wx', mode ?? 0o666))
      ready.push({ temporary, target })
      open.push({ path, file })
      attempt(path, () => {
        if (mode !== undefined) fchmodSync(file, mode)
        writeAll(file, text)
      })
    }
    const [only] = open
    if (only && open.length === 1) attempt(only.path, () => fsyncSync(only.file))
    else await flushAll(open)
  } finally {
    for (const { file } of open) closeSync(file)
  }
}

async function flushAll(open: readonly { path: string; file: number }[]): Promise<void> {
  const flush = ({ file }: { file: number }) =>
    new Promise<Error | null>((resolve) => {
      fsync(file, resolve)
    })
  const failures = await Promise.all(open.map(flush))
  failures.forEach((error, i) => {
    if (error) throw failure(open[i]?.path ?? '', error)
  })
}

/** A new file that only its owner may read; refuses one that is there. */
export const writeNewPrivate = (path: string, text: string): void => createPrivate(path, text, path)

/** `shown`: the file that errors name. */
function createPrivate(path: string, text: string, shown: string): void {
  const file = attempt(shown, () => openSync(path, 'wx', 0o600))
  try {
    attempt(shown, () => {
      writeAll(file, text)
      fsyncSync(file)
    })
  } catch (error) {
    rmSync(path, { force: true })
    throw error
  } finally {
    closeSync(file)
  }
}

/** The same, whole or not at all; what is there is replaced if that is meant. */
export function writePrivate(path: string, text: string, replace: boolean): void {
  const temporary = besideOf(path, 'tmp')
  const clear = () => rmSync(temporary, { force: true })
  process.once('exit', clear)
  try {
    createPrivate(temporary, text, path)
    if (!replace) refuseExisting(path)
    attempt(path, () => renameSync(temporary, path))
  } finally {
    process.off('exit', clear)
    clear()
  }
}

export function refuseExisting(path: string): void {
  if (lstatSync(path, { throwIfNoEntry: false }))
    throw new SealError('file-exists', 'is there already', {
      where: { file: path },
      hint: 'Choose another name, or pass `--force`.',
    })
}

function examine(path: string): { target: string; mode: number | undefined; regular: boolean } {
  const stats = statSync(path, { throwIfNoEntry: false })
  if (!stats) return { target: path, mode: undefined, regular: true }
  if (stats.isDirectory()) throw unwritable(path, 'is a directory')
  return { target: realpathSync(path), mode: stats.mode & 0o7777, regular: stats.isFile() }
}

/** A new name in the same folder, out of the way of who lists it: a process that is killed leaves it there. */
const besideOf = (target: string, end: 'tmp' | 'old'): string =>
  join(dirname(target), `.${basename(target)}.${Buffer.from(randomBytes(6)).toString('hex')}.${end}`)

function writeAll(file: number, text: string): void {
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at)
}

/** A pipe or device cannot be renamed onto. */
function writeInto(path: string, text: string): void {
  const file = attempt(path, () => openSync(path, 'w'))
  try {
    attempt(path, () => writeAll(file, text))
  } finally {
    closeSync(file)
  }
}

function attempt<T>(path: string, step: () => T): T {
  try {
    return step()
  } catch (error) {
    throw failure(path, error)
  }
}

function failure(path: string, error: unknown): SealError {
  const { code = 'unknown' } = error as NodeJS.ErrnoException
  if (code === 'EEXIST') return new SealError('file-exists', 'is there already', { where: { file: path } })
  return unwritable(path, WORDS[code] ?? `cannot be written (${code})`)
}

const WORDS: Record<string, string> = {
  ENOENT: 'cannot be written: its folder does not exist',
  EACCES: 'cannot be written: permission denied',
  ENOSPC: 'cannot be written: no space left',
  EROFS: 'cannot be written: read-only file system',
}

const unwritable = (file: string, words: string) => new SealError('file-write', words, { where: { file } })
