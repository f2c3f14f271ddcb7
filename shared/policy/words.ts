import { nearest } from '../check/nearest.ts'
import type { Path } from '../errors.ts'
import { guess, type SpotReader } from './spots.ts'

/** Checks of single words; each notes what is wrong. */

interface At {
  path: Path
}

/** A policy means the same on every machine. */
export function checkRelative(r: SpotReader, at: At, path: string): void {
  if (/^([/\\~]|[a-zA-Z]:)/.test(path)) r.note(at, "must be a path relative to the policy's folder")
}

const MAX_GLOB = 300
/** More of them could make one comparison take for ever. */
const MAX_STARS = 8

export function checkGlob(r: SpotReader, at: At, glob: string): void {
  if (glob.length > MAX_GLOB) r.note(at, `is longer than ${MAX_GLOB} characters`)
  else if ((glob.match(/\*+/g)?.length ?? 0) > MAX_STARS) r.note(at, `has more than ${MAX_STARS} wildcards`)
  else if (/^(\.{0,2}\/|!)/.test(glob))
    r.note(at, 'is no pattern: patterns begin at the folder of the policy, without `/`, `./`, `../` or `!`')
  else if (glob.includes('\\')) r.note(at, 'holds a `\\`; folders are separated by `/`')
}

/** The known word, or a note with the nearest. */
export function known<T extends string>(
  r: SpotReader,
  at: At,
  text: string,
  words: readonly T[],
  what: string,
): T | undefined {
  const word = words.find((each) => each === text)
  if (word !== undefined) return word
  const meant = nearest(text, words)
  const choice = words.length > 0 && words.length <= 10 ? ` (${words.join(', ')})` : ''
  return r.note(at, `no ${what}${meant === undefined ? choice : guess(meant)}`)
}
