import type { Note } from '../check/finding.ts'
import type { CheckCode } from '../check-codes/all.ts'
import type { Scope } from '../crypto/bound.ts'
import type { SealedSecret } from '../format/sealed-secret.ts'
import { type MappingNode, nodeAt } from '../format/yaml.ts'
import { checkSchema, checkSchemaKeys, type SchemaProblem } from '../policy/cfgu/check.ts'
import type { CfguSchema } from '../policy/cfgu/types.ts'
import { checkIdentity, checkPolicy, type RuledSecret } from '../policy/check.ts'
import type { PlacedRule, PolicyProblem } from '../policy/problem.ts'
import { type Layout, PLAIN_LAYOUT, SEALED_LAYOUT, valuePath } from './check-notes.ts'

/** The rule that holds for a file, with what it refers to. */
export interface PolicyTerms extends PlacedRule {
  /** `file`: as it is to be shown. */
  schema?: { schema: CfguSchema; file: string } | undefined
}

/** What a rule says of a Secret that is about to be sealed. */
export function plainPolicyNotes(
  secret: RuledSecret & { data: ReadonlyMap<string, Uint8Array> },
  scope: Scope,
  root: MappingNode,
  terms: PolicyTerms,
): Note[] {
  return [
    ...checkIdentity(secret, scope, terms).map((problem) => noteOf(problem, root)),
    ...schemaNotes(root, PLAIN_LAYOUT, terms, (schema, file) => checkSchema(schema, secret.data, file)),
  ]
}

/** What a rule says of a SealedSecret without a key. `now` in milliseconds. */
export function sealedPolicyNotes(
  sealed: SealedSecret,
  root: MappingNode,
  terms: PolicyTerms,
  now: number,
): Note[] {
  const keys = new Set([...sealed.data.keys(), ...sealed.template.data.keys()])
  return [
    ...checkPolicy(sealed, terms, now).map((problem) => noteOf(problem, root)),
    ...schemaNotes(root, SEALED_LAYOUT, terms, (schema, file) => checkSchemaKeys(schema, keys, file)),
  ]
}

/** What only the values tell, once a SealedSecret is opened. */
export function openedPolicyNotes(
  values: ReadonlyMap<string, Uint8Array>,
  root: MappingNode,
  terms: PolicyTerms,
): Note[] {
  return schemaNotes(root, SEALED_LAYOUT, terms, (schema, file) => {
    const known = new Set(checkSchemaKeys(schema, values.keys(), file).map(identityOf))
    return checkSchema(schema, values, file).filter((problem) => !known.has(identityOf(problem)))
  })
}

const identityOf = ({ code, key, args }: SchemaProblem): string => `${code} ${key} ${args.by ?? ''}`

const noteOf = ({ code, severity, path, args }: PolicyProblem, root: MappingNode): Note => ({
  code,
  severity,
  at: nodeAt(root, path).at,
  args,
})

function schemaNotes(
  root: MappingNode,
  layout: Layout,
  { rule, schema }: PolicyTerms,
  check: (schema: CfguSchema, file: string) => SchemaProblem[],
): Note[] {
  if (!schema) return []
  return check(schema.schema, schema.file)
    .filter(({ code }) => !rule.allow.has(code))
    .map(({ code, severity, key, args }) => ({
      code,
      severity,
      at: nodeAt(root, valuePath(root, layout, key)).at,
      args,
    }))
}

/** The codes of checks that the rule accepts. */
export const allowedChecks = ({ rule }: PlacedRule): CheckCode[] =>
  [...rule.allow].filter((code): code is CheckCode => !code.startsWith('schema-'))
