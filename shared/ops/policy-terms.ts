import type { Note } from '../check/finding.ts'
import type { CheckCode } from '../check-codes/all.ts'
import type { Scope } from '../crypto/bound.ts'
import type { SealedSecret } from '../format/sealed-secret.ts'
import type { MappingNode } from '../format/yaml.ts'
import type { PlacedRule } from '../policy/problem.ts'

type Values = ReadonlyMap<string, Uint8Array>

interface RuledValues {
  name: string
  namespace: string
  type?: string
  data: Values
}

/**
 * The rule that holds for a file, and what it says. Functions, so that who seals without a policy loads no part of what
 * judges by one; `policyTerms` makes them.
 */
export interface PolicyTerms extends PlacedRule {
  /** Codes of checks that the rule accepts. */
  allowed: readonly CheckCode[]
  /** Of a Secret that is about to be sealed. */
  plain(secret: RuledValues, scope: Scope, root: MappingNode): Note[]
  /** Of a SealedSecret without a key. `now` in milliseconds. */
  sealed(sealed: SealedSecret, root: MappingNode, now: number): Note[]
  /** What only the values tell, once a SealedSecret is opened. */
  opened(values: Values, root: MappingNode): Note[]
  /** Of new values, where the others are not known. */
  changed(values: Values, root: MappingNode): Note[]
}
