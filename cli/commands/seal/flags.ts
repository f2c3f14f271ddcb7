import type { Scope } from '../../../shared/crypto/bound.ts'
import type { SealingKey } from '../../../shared/keys/public.ts'
import type { Output } from '../../../shared/ops/output.ts'
import type { ClusterOptions } from '../../cluster.ts'

export interface SealFlags extends ClusterOptions {
  key: string[]
  scope: Scope
  namespace?: string
  output?: Output
  out?: string
  write?: boolean
  allowExpired?: boolean
}

/** A key, and the file it came from if it came from one. */
export interface UsedKey {
  key: SealingKey
  file?: string
}
