import { CODES, type Code } from '../../shared/codes.ts'
import type { Outcome } from './conditions.ts'

/** `wrong-envelope` as Kubernetes spells a reason: `WrongEnvelope`. */
export const reasonOf = (code: Code): string =>
  code
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')

/** The outcome of an object that cannot be opened: final until the object, or the set of keys, changes. */
export const refusal = (code: Code, message: string): Outcome => ({
  kind: 'stalled',
  reason: reasonOf(code),
  message: `${message}. ${CODES[code].fix}`,
})

/** Refusals that other keys may turn into success. */
const BY_KEYS: ReadonlySet<Code> = new Set(['no-key', 'wrong-envelope'])

export const dependsOnKeys = (code: Code): boolean => BY_KEYS.has(code)
