import { createReadStream, type ReadStream, readFileSync, statSync } from 'node:fs'
import { SealError } from '../../shared/errors.ts'
import { usage } from '../refused.ts'

/** Far over any manifest; a wrong file (a disk image, a device) is refused instead of filling the memory. */
export const MAX_INPUT_BYTES = 64 << 20

export interface Input {
  /** As the user typed it; `stdin` for `-`. */
  name: string
  /** undefined: standard input. */
  path: string | undefined
  text: string
}

export const STDIN = '-'

/** All inputs of a command, in order; `-` is standard input. */
export async function readInputs(paths: readonly string[], signal: AbortSignal): Promise<Input[]> {
  refuseTwoInputs(paths)
  const inputs: Input[] = []
  for (const path of paths) inputs.push(await readInput(path, signal))
  return inputs
}

export function refuseTwoInputs(paths: readonly (string | undefined)[]): void {
  if (paths.filter((path) => path === STDIN).length > 1) throw usage('standard input can be read only once')
}

export async function readInput(path: string, signal: AbortSignal): Promise<Input> {
  if (path === STDIN) return { name: 'stdin', path: undefined, text: await readStdin(signal) }
  const bytes = readRegular(path) ?? (await readAll(path, createReadStream(path, { signal })))
  return { name: path, path, text: decode(path, bytes) }
}

/** A file as it is, text or not. */
export async function readBytes(path: string, signal: AbortSignal): Promise<Uint8Array> {
  return readAll(path, createReadStream(path, { signal }))
}

async function readStdin(signal: AbortSignal): Promise<string> {
  if (process.stdin.isTTY) throw usage('no input: name a file, or pipe a manifest into the command')
  const stop = () => process.stdin.destroy(signal.reason)
  signal.addEventListener('abort', stop, { once: true })
  const bytes = await readAll('stdin', process.stdin)
  signal.removeEventListener('abort', stop)
  return decode('stdin', bytes)
}

/** At once, without the runtime's streams; undefined for a pipe or device, which may keep its reader waiting. */
function readRegular(path: string): Buffer | undefined {
  try {
    const stats = statSync(path)
    if (stats.size > MAX_INPUT_BYTES) throw tooLarge(path)
    return stats.isFile() ? readFileSync(path) : undefined
  } catch (error) {
    throw readError(path, error)
  }
}

async function readAll(name: string, stream: ReadStream | NodeJS.ReadStream): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      size += chunk.length
      if (size > MAX_INPUT_BYTES) throw tooLarge(name)
      chunks.push(chunk)
    }
  } catch (error) {
    throw readError(name, error)
  }
  return Buffer.concat(chunks)
}

const tooLarge = (name: string) => unreadable(name, `is larger than ${MAX_INPUT_BYTES >> 20} MiB`)

function readError(name: string, error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException
  if (error instanceof SealError || code === undefined || code === 'ABORT_ERR') return error
  return unreadable(name, WORDS[code] ?? `cannot be read (${code})`)
}

export const WORDS: Record<string, string> = {
  ENOENT: 'no such file',
  EISDIR: 'is a directory',
  EACCES: 'cannot be read: permission denied',
}

export const unreadable = (file: string, words: string) =>
  new SealError('file-read', words, { where: { file } })

/** Throws where it is not UTF-8. */
export const decodeText = (bytes: Uint8Array): string =>
  new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)

/** UTF-8, a byte order mark kept: what passes through keeps every byte. */
function decode(file: string, bytes: Buffer): string {
  try {
    return decodeText(bytes)
  } catch {
    const utf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)
    const hint = 'Save it as UTF-8; PowerShell writes UTF-16 with `>`.'
    throw new SealError('yaml-syntax', utf16 ? 'is UTF-16, not UTF-8' : 'is not UTF-8 text', {
      where: { file },
      ...(utf16 ? { hint } : {}),
    })
  }
}
