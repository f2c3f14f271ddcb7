import type { SealedObject, SecretRef } from '../objects.ts'
import { conditionOf } from './conditions.ts'

/**
 * Whether the status says that this generation is in this very Secret, at its present version: then there is nothing to
 * open, read or write. It is what makes a restart and every echo of our own writes free.
 */
export function isSettled({ metadata, status }: SealedObject, secret: SecretRef | undefined): boolean {
  return (
    secret !== undefined &&
    status?.secret !== undefined &&
    status.observedGeneration === metadata.generation &&
    status.secret.uid === secret.uid &&
    status.secret.resourceVersion === secret.resourceVersion &&
    conditionOf(status, 'Ready')?.status === 'True'
  )
}
