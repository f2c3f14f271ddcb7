import type { SealingFlags } from '../../change/flags.ts'

export interface RotateFlags extends SealingFlags {
  due?: boolean
}
