import type { Outcome } from './conditions.ts'

// What becomes of an object whose Secret is in the way, in words.

export const FOREIGN: Outcome = {
  kind: 'stalled',
  reason: 'SecretNotOwned',
  message: 'A Secret of this name exists and is not ours. Delete or rename it, or rename this object.',
}
export const FROZEN: Outcome = {
  kind: 'stalled',
  reason: 'SecretImmutable',
  message: 'The Secret into which the values should go is immutable, and not ours to replace.',
}
export const FORMER: Outcome = {
  kind: 'retrying',
  reason: 'SecretOfFormerObject',
  message:
    'The Secret belongs to a deleted object of this name; the garbage collector is about to remove it.',
}
export const BEING_DELETED: Outcome = {
  kind: 'retrying',
  reason: 'SecretBeingDeleted',
  message: 'The Secret is being deleted; it is made anew when it is gone.',
}
