import { NetworkError } from './errors.ts'

/**
 * Cuts a stream of bytes into lines. Works on bytes, not text, so a chunk may end in the middle of a character: in UTF-8
 * the byte 0x0A is nothing but a line feed (RFC 3629 section 3).
 */
export interface LineSplitter {
  /** The lines that this chunk completes, without their line feeds and without empty ones. */
  push(chunk: Buffer): string[]
  /** Bytes of a line that has not ended. */
  pendingBytes(): number
}

const LINE_FEED = 0x0a

export function createLineSplitter(what: string, maxLineBytes: number): LineSplitter {
  let parts: Buffer[] = []
  let pending = 0

  function keep(part: Buffer): void {
    if (part.length === 0) return
    pending += part.length
    if (pending > maxLineBytes) throw new NetworkError(what, 'EBODYTOOLARGE')
    parts.push(part)
  }

  function takeLine(): string {
    const line = (parts.length === 1 && parts[0]) || Buffer.concat(parts)
    parts = []
    pending = 0
    return line.toString('utf8').trim()
  }

  return {
    push(chunk) {
      const lines: string[] = []
      let from = 0
      for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, from)) {
        keep(chunk.subarray(from, end))
        const line = takeLine()
        if (line !== '') lines.push(line)
        from = end + 1
      }
      keep(chunk.subarray(from))
      return lines
    },
    pendingBytes: () => pending,
  }
}
