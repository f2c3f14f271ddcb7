import { fromBase64 } from '../../crypto/base64.ts'
import { problem, textOf } from '../secret-problem.ts'
import type { ValueCheck } from './value.ts'

/** Keys that say so themselves, and keys of registries that are `user:password` in base64 by custom. */
const MEANT = /base64|b64|^auth$|authorization/i
/** Letters that text is made of. */
const READABLE = /^[\t\r\n\x20-\x7e\u00a0-\uffff]+$/

/**
 * The base64 of text. Random keys are often kept in base64 as well: theirs is not readable. A password of such letters
 * decodes to something readable by chance once in thousands when it has twelve, and hardly ever when it has more.
 */
export const checkBase64Twice: ValueCheck = ({ type, key, text = '', kind }) => {
  const base64 = text.replace(/\s+/g, '')
  const isPossible = kind !== 'cluster' && type !== 'bootstrap.kubernetes.io/token' && !MEANT.test(key)
  if (!isPossible || base64.length < (base64.endsWith('=') ? 8 : 12)) return undefined
  const bytes = fromBase64(base64)
  const inner = bytes && textOf(bytes)
  return inner !== undefined && READABLE.test(inner) ? problem('value-base64', key) : undefined
}
