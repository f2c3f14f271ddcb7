import type { PublishedKey } from '../../shared/keys/published.ts'
import type { Kube } from '../../shared/kube/port.ts'
import type { Log } from '../log.ts'

export interface PublisherParts {
  kube: Pick<Kube, 'get' | 'list' | 'create' | 'mergePatch' | 'delete'>
  /** The controller's own: whose keys these are. */
  namespace: string
  /** Who counts the objects that need a key; shared by replicas. */
  counter: string
  log: Log
  signal: AbortSignal
}

/** All keys that are there, and whether these are all: what is missing among them has been deleted. */
export interface Publication {
  keys: readonly PublishedKey[]
  complete: boolean
}
