import { badRequest } from '../status-errors.ts'

/** Where a list goes on: the state that its first page showed, and the last object that was sent. Opaque to clients. */
export interface Continuation {
  revision: number
  after: string
}

export function writeContinue({ revision, after }: Continuation): string {
  return Buffer.from(JSON.stringify([revision, after])).toString('base64url')
}

export function readContinue(token: string): Continuation {
  try {
    const [revision, after] = JSON.parse(Buffer.from(token, 'base64url').toString()) as [unknown, unknown]
    if (typeof revision === 'number' && typeof after === 'string') return { revision, after }
  } catch {
    // Said below, as for any other token that is not one of ours.
  }
  throw badRequest('continue key is not valid: illegal token')
}
