import type { SecretProblem } from '../secret-problem.ts'
import type { ValueKind } from './kind.ts'

/** One value of a Secret, as the checks of single values see it. */
interface Value {
  type: string | undefined
  key: string
  bytes: Uint8Array
  /** Undefined: binary. */
  text: string | undefined
  kind: ValueKind
}

/** What is wrong with it, if it is that. */
export type ValueCheck = (value: Value) => SecretProblem | undefined
