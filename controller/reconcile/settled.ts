import {
  DRIFT_ANNOTATION,
  type SealedObject,
  type SecretEntry,
  type SecretRef,
  SKIP_OWNER_ANNOTATION,
  says,
} from '../objects.ts'
import { wasReady } from './conditions.ts'

/**
 * Whether the status says that this generation is in this very Secret, at its present version: then there is nothing to
 * open, read or write. It is what makes a restart and every echo of our own writes free.
 */
export function isSettled(object: SealedObject, secret: SecretEntry | undefined): boolean {
  return (
    wasSynced(object, secret) &&
    // An annotation of the object, and so no new generation, decides about the owner reference.
    (secret?.shared ||
      (secret?.owner === object.metadata.uid) !== says(object.metadata, SKIP_OWNER_ANNOTATION)) &&
    (object.status?.secret?.resourceVersion === secret?.resourceVersion || toleratesDrift(object, secret))
  )
}

/** Whether others may do to this Secret what they like, until the object changes or the Secret goes. */
export const toleratesDrift = (object: SealedObject, secret: SecretRef | undefined): boolean =>
  object.metadata.annotations?.[DRIFT_ANNOTATION] === 'ignore' && wasSynced(object, secret)

/** Whether this generation was in this very Secret once. */
const wasSynced = (object: SealedObject, secret: SecretRef | undefined): boolean =>
  secret !== undefined && object.status?.secret?.uid === secret.uid && wasReady(object)
