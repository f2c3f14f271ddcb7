import { randomBytes } from 'node:crypto'

/** A value that occurs nowhere else, to be sealed and then looked for where no value may be. */
export interface Canary {
  text: string
  bytes: Uint8Array
  /** The value as it would show in a log, a URL, a manifest: whichever way it leaked. */
  encodings: readonly string[]
}

const made: Canary[] = []

/** Stands in every canary of every process, so that what a whole run left behind can be searched. */
const MARK = 'wx7canary'

/** A fresh value. Its length and its quote and line end make encoded forms differ from the raw one. */
export function canary(): Canary {
  const text = `canary-${MARK}${randomBytes(8).toString('hex').slice(1)}"\n√`
  const bytes = new Uint8Array(Buffer.from(text))
  const one = { text, bytes, encodings: encodingsOf(bytes) }
  made.push(one)
  return one
}

function encodingsOf(bytes: Uint8Array): string[] {
  const buffer = Buffer.from(bytes)
  const text = buffer.toString()
  // The middle alone: a leak may be cut off, or stand within something longer that is encoded as a whole.
  const core = text.slice('canary-'.length, 'canary-'.length + 24)
  const base64 = [0, 1, 2].map((shift) =>
    Buffer.concat([Buffer.alloc(shift), Buffer.from(core)])
      .toString('base64')
      .slice(shift === 0 ? 0 : 4, 28),
  )
  return [
    core,
    buffer.toString('base64'),
    ...base64,
    buffer.toString('base64url'),
    Buffer.from(core).toString('hex'),
    JSON.stringify(text),
    encodeURIComponent(text),
  ]
}

/** Throws where a text holds a canary in any form; says which form and where, without showing the value. */
export function expectNoCanary(text: string, where = 'the text', canaries: readonly Canary[] = made): void {
  const lower = text.toLowerCase()
  for (const [i, { encodings }] of canaries.entries())
    for (const form of encodings) {
      const at = text.includes(form) ? text.indexOf(form) : lower.indexOf(form.toLowerCase())
      if (at >= 0) throw new Error(`canary ${i} is in ${where}, at character ${at}`)
    }
}

/** The mark as it shows in a file: as it is, in hexadecimal, and in base64 at each of its three alignments. */
export const MARKS: readonly string[] = [
  MARK,
  Buffer.from(MARK).toString('hex'),
  ...[0, 1, 2].map((shift) =>
    Buffer.concat([Buffer.alloc(shift), Buffer.from(MARK)])
      .toString('base64')
      // The first and last characters depend on the neighbours too.
      .slice(shift === 0 ? 0 : 4, 12),
  ),
]
