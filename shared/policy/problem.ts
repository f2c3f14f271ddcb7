import type { Args, Severity } from '../check/finding.ts'
import type { POLICY, SCHEMA } from '../check-codes/policy.ts'
import type { Path } from '../errors.ts'
import type { Rule } from './types.ts'

/** A finding before its place in the file is known: `path` leads to it from the object's root. Its args hold no value. */
export interface PolicyProblem {
  code: keyof typeof POLICY | keyof typeof SCHEMA
  severity: Severity
  path: Path
  args: Args
}

/** A rule, and its file as it is to be shown. */
export interface PlacedRule {
  rule: Rule
  file: string
}

/** `.waxwing.yaml:14`: the line of the field if the rule has it, else the rule's own. */
export const placeOf = ({ rule, file }: PlacedRule, field: string): string =>
  `${file}:${rule.lines.get(field) ?? rule.line}`
