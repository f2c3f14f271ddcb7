import { nearest } from '../../../shared/check/nearest.ts'
import { isDataKey } from '../../../shared/format/limits.ts'
import { askHidden, canAsk } from '../../io/prompt.ts'
import { readBytes, STDIN } from '../../io/read.ts'
import { usage } from '../../refused.ts'

/** `KEY` or `KEY=VALUE`, as it was typed. */
export interface Wanted {
  key: string
  value: string | undefined
}

export interface ValueSources {
  stdin?: boolean
  fromFile?: string
}

/** Checks all that can be told before anything is read or asked. */
export function parseWanted(words: readonly string[], file: string, sources: ValueSources): Wanted[] {
  const wanted = words.map((word) => {
    const at = word.indexOf('=')
    return at < 0 ? { key: word, value: undefined } : { key: word.slice(0, at), value: word.slice(at + 1) }
  })
  for (const [i, { key }] of wanted.entries()) {
    if (!isDataKey(key))
      throw usage(
        'a key is not one that Kubernetes accepts',
        'Write KEY or KEY=VALUE; a key has letters, digits, `-`, `_` and `.`.',
      )
    if (wanted.findIndex((other) => other.key === key) < i) throw usage(`${key} is given twice`)
  }
  const open = wanted.filter(({ value }) => value === undefined)
  const given = [sources.stdin === true, sources.fromFile !== undefined].filter(Boolean).length
  if (given > 1) throw usage('--stdin and --from-file exclude each other')
  if (given === 1 && open.length !== 1)
    throw usage(
      `${sources.stdin ? '--stdin' : '--from-file'} gives one value, and ${open.length} keys are without`,
      'Name one KEY without `=VALUE`.',
    )
  if (given === 0 && open.length > 0 && !canAsk())
    throw usage(
      `no value for ${open.map(({ key }) => key).join(', ')}`,
      'Pass --stdin or --from-file FILE; there is no terminal to ask on.',
    )
  if (file === STDIN && (sources.stdin || sources.fromFile === STDIN))
    throw usage('standard input can be read only once')
  return wanted
}

/** The values, from wherever they come. What is read is taken byte for byte. */
export async function readValues(
  wanted: readonly Wanted[],
  sources: ValueSources,
  signal: AbortSignal,
): Promise<Map<string, Uint8Array>> {
  const values = new Map<string, Uint8Array>()
  for (const { key, value } of wanted)
    values.set(key, value === undefined ? await read(key, sources, signal) : utf8(value))
  return values
}

async function read(
  key: string,
  { stdin, fromFile }: ValueSources,
  signal: AbortSignal,
): Promise<Uint8Array> {
  if (stdin || fromFile === STDIN) return readStdinBytes(signal)
  return fromFile === undefined
    ? utf8(await askHidden(`Value of ${key}`, signal))
    : readBytes(fromFile, signal)
}

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)

const MAX_BYTES = 2 << 20

async function readStdinBytes(signal: AbortSignal): Promise<Uint8Array> {
  if (process.stdin.isTTY) throw usage('--stdin reads from a pipe; without it you are asked')
  const chunks: Buffer[] = []
  let size = 0
  const stop = () => process.stdin.destroy(signal.reason)
  signal.addEventListener('abort', stop, { once: true })
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > MAX_BYTES) throw usage('standard input is larger than any value may be')
    chunks.push(chunk)
  }
  signal.removeEventListener('abort', stop)
  return new Uint8Array(Buffer.concat(chunks))
}

/** For a key that is new: one that is there and almost the same was probably meant. */
export const meantKey = (key: string, known: readonly string[]): string | undefined =>
  known.includes(key) ? undefined : nearest(key, known)
