import type { Scope } from '../../../shared/crypto/bound.ts'
import type { SealingKey } from '../../../shared/keys/public.ts'
import type { Output } from '../../../shared/ops/output.ts'
import type { SealPlan } from '../../../shared/ops/seal-plan.ts'
import type { ClusterOptions } from '../../cluster.ts'

export interface SealFlags extends ClusterOptions {
  key: string[]
  scope?: Scope
  namespace?: string
  output?: Output
  out?: string
  write?: boolean
  dryRun?: boolean
  yes?: boolean
  allowExpired?: boolean
  allow?: string[]
}

/** A manifest to seal. */
export interface SealInput {
  name: string
  text: string
  /** It was made from the command line: there is no file that a finding could point into. */
  made?: boolean
}

export interface InputPlan extends SealPlan {
  made: boolean
}

/** A key, and the file it came from if it came from one. */
export interface UsedKey {
  key: SealingKey
  file?: string
  /** What the policy calls it. */
  name?: string
}
