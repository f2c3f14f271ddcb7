import type { Kube, ObjectId } from '../../shared/kube/port.ts'
import type { Cache } from '../cache.ts'
import type { SealedObject, SecretEntry, Status } from '../objects.ts'
import type { SealedEntry } from './brief.ts'

/** Where actions go. The caches are told at once, because the watch brings our own writes back later. */
export interface Targets {
  kube: Pick<Kube, 'create' | 'mergePatch' | 'replaceStatus' | 'delete'>
  sealed: Cache<SealedEntry>
  secrets: Cache<SecretEntry>
  signal: AbortSignal
}

/**
 * `stale`: the Secret is no longer what was observed, so look and decide again. `behind`: the object is newer than ours.
 * `more`: done, and the object, as it is now, takes another look.
 */
export type Acted =
  | { kind: 'stale' }
  | { kind: 'behind' }
  | { kind: 'more'; object: SealedObject }
  | { kind: 'done'; status: Status | undefined }

export const idOf = ({ namespace = '', name }: SealedObject['metadata']): ObjectId => ({ namespace, name })
