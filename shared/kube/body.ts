import type { IncomingMessage } from 'node:http'
import { NetworkError } from './errors.ts'

/** Whatever asks the server something. */
export interface Call {
  /** For error messages: `get secrets team/db`. */
  what: string
  signal?: AbortSignal | undefined
}

/** The body of an answer as text; more than `maxBytes` of it is refused. */
export function readBody(call: Call, response: IncomingMessage, maxBytes: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    response.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size > maxBytes) response.destroy(new NetworkError(call.what, 'EBODYTOOLARGE'))
      else chunks.push(chunk)
    })
    response.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')))
    response.on('error', (error) => reject(toReadError(call, error)))
  })
}

/** Why reading an answer failed, in our terms; an abort stays the reason its signal gives. */
export function toReadError({ what, signal }: Call, error: unknown): unknown {
  if (signal?.aborted) return signal.reason
  if (error instanceof NetworkError) return error
  const { code = 'EUNKNOWN', message } = error as NodeJS.ErrnoException
  return new NetworkError(what, code, message)
}

/** A JSON object; the caller vouches for its type. */
export function parseJson<T extends object>(what: string, text: string): T {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    // The parser's own message quotes the text.
  }
  if (typeof value === 'object' && value !== null) return value as T
  throw new NetworkError(what, 'EBADBODY', 'the answer is not a JSON object')
}
