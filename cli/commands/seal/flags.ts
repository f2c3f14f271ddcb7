import type { Scope } from '../../../shared/crypto/bound.ts'
import type { Output } from '../../../shared/ops/output.ts'
import type { SealPlan } from '../../../shared/ops/seal-plan.ts'
import type { ClusterOptions } from '../../cluster.ts'
import type { KeyOfFile } from '../../sealable.ts'

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

export interface UsedKey extends KeyOfFile {
  /** What the policy calls it. */
  name?: string
}
