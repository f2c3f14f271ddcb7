import type { IncomingMessage } from 'node:http'

/** The text of a body; undefined where it is too long, packed, or no UTF-8. Rejects when the client goes away. */
export async function readText(request: IncomingMessage, most: number): Promise<string | undefined> {
  const packed = request.headers['content-encoding'] ?? 'identity'
  if (packed !== 'identity' || Number(request.headers['content-length'] ?? 0) > most) {
    discard(request)
    return undefined
  }
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > most) return undefined
    chunks.push(chunk)
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks))
  } catch {
    return undefined
  }
}

/** As much as a client or a proxy sends before it looks for an answer. */
const DISCARDED_BYTES = 64 << 10

/** Lets a body that nobody will read go by, up to a bound: a client that is still sending would not see the answer. */
export function discard(request: IncomingMessage): void {
  let size = 0
  request.on('error', () => undefined)
  request.on('data', (chunk: Buffer) => {
    size += chunk.length
    if (size > DISCARDED_BYTES) request.pause()
  })
}
