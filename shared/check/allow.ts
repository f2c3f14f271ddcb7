import { CHECK_CODES, type CheckCode } from '../check-codes/all.ts'
import type { Args } from './finding.ts'
import { nearest } from './nearest.ts'

/** On a Secret, and then on its SealedSecret: codes of checks that are meant there, with commas between. */
export const ALLOW_ANNOTATION = 'waxwing.dev/allow'

export interface Allowed {
  codes: CheckCode[]
  /** Words that are no code of a check. */
  unknown: string[]
}

export function readAllowed(text: string): Allowed {
  const words = text.split(',').map((word) => word.trim())
  const named = words.filter((word) => word !== '')
  return { codes: named.filter(isCheckCode), unknown: named.filter((word) => !isCheckCode(word)) }
}

/** Of a finding about such a word. Only what looks like a code is shown. */
export function unknownArgs(word: string): Args {
  const meant = nearestCheck(word)
  return {
    ...(/^[a-z0-9-]{1,40}$/.test(word) ? { word } : {}),
    ...(meant === undefined ? {} : { meant }),
  }
}

/** The code that was probably meant. */
export const nearestCheck = (word: string): string | undefined => nearest(word, Object.keys(CHECK_CODES))

const isCheckCode = (word: string): word is CheckCode => Object.hasOwn(CHECK_CODES, word)
