import { closeSync, fstatSync, openSync, readSync, statSync, writeSync } from 'node:fs'

/** Where lines go, each with its end. */
export interface LineWriter {
  /** `taken`: how many of them, from the first on. After a problem it is to be called again, with those that are left over, if any. */
  write(lines: readonly string[]): { taken: number; problem?: Error }
}

/** The audit log cannot be opened, or not be written. */
export class AuditLogError extends Error {
  override readonly name = 'AuditLogError'
}

export type FileSystem = Pick<
  typeof import('node:fs'),
  'openSync' | 'closeSync' | 'fstatSync' | 'statSync' | 'readSync' | 'writeSync'
>

const NODE: FileSystem = { openSync, closeSync, fstatSync, statSync, readSync, writeSync }
const LINE_END = Buffer.from('\n')

interface Opened {
  fd: number
  dev: bigint
  ino: bigint
  /** It ends with a line's end, and not with what a full disk left of one. */
  whole: boolean
}

/**
 * Appends to a file. Lines go out in one call at the file's end, as O_APPEND has it, so nothing comes between the parts of
 * one. Before each call it is looked whether the name is still this file's: what others rename is theirs from then on, and
 * the name is opened anew. Throws an AuditLogError where that fails at the start.
 */
export function openAuditFile(path: string, fs: FileSystem = NODE): LineWriter {
  let file = open(path, fs)
  /** What has to come first: a line of which only some bytes found room, from there on. */
  let torn = file.whole ? undefined : { line: LINE_END, from: 0 }

  /** Gives why the name cannot be opened anew: then the old file goes on. */
  function follow(): Error | undefined {
    try {
      if (isAt(path, file, fs)) return undefined
      const next = open(path, fs)
      fs.closeSync(file.fd)
      file = next
    } catch (error) {
      return error instanceof AuditLogError ? error : new AuditLogError(`${path}: ${codeOf(error)}`)
    }
    // Its first bytes end the file that is gone; the new one gets it whole.
    const parts = [...(file.whole ? [] : [LINE_END]), ...(torn ? [torn.line] : [])]
    torn = parts.length > 0 ? { line: Buffer.concat(parts), from: 0 } : undefined
    return undefined
  }

  return {
    write(lines) {
      const moved = follow()
      const head = torn?.line.subarray(torn.from) ?? Buffer.alloc(0)
      const buffers = lines.map((line) => Buffer.from(line))
      const { written, error } = put(Buffer.concat([head, ...buffers]), file.fd, fs)
      const problem =
        error === undefined ? moved : new AuditLogError(`${path} cannot be written: ${codeOf(error)}`)
      if (torn && written < head.length) torn.from += written
      else torn = undefined
      let taken = 0
      for (let left = written - head.length; left > 0; taken++) {
        const line = buffers[taken] ?? LINE_END
        if (left < line.length) torn = { line, from: left }
        left -= line.length
      }
      return { taken, ...(problem && { problem }) }
    },
  }
}

function open(path: string, fs: FileSystem): Opened {
  try {
    // Opening a pipe would wait for its reader.
    if (fs.statSync(path, { throwIfNoEntry: false })?.isFile() === false)
      throw new AuditLogError(`${path} is not a regular file`)
    const fd = fs.openSync(path, 'a+', 0o600)
    const { dev, ino, size } = fs.fstatSync(fd, { bigint: true })
    return { fd, dev, ino, whole: size === 0n || lastByte(fd, size, fs) === 0x0a }
  } catch (error) {
    if (error instanceof AuditLogError) throw error
    throw new AuditLogError(`${path} cannot be opened: ${codeOf(error)}`)
  }
}

function lastByte(fd: number, size: bigint, fs: FileSystem): number | undefined {
  const byte = Buffer.alloc(1)
  fs.readSync(fd, byte, 0, 1, size - 1n)
  return byte[0]
}

function isAt(path: string, { dev, ino }: Opened, fs: FileSystem): boolean {
  const there = fs.statSync(path, { bigint: true, throwIfNoEntry: false })
  return there?.dev === dev && there.ino === ino
}

function put(bytes: Buffer, fd: number, fs: FileSystem): { written: number; error?: unknown } {
  let written = 0
  try {
    // A second call only where the system took less than all, which mostly means that it takes no more.
    while (written < bytes.length) written += fs.writeSync(fd, bytes, written)
    return { written }
  } catch (error) {
    return { written, error }
  }
}

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? 'unknown error'
