import type { Note } from '../check/finding.ts'
import type { CheckCode } from '../check-codes/all.ts'
import { type MappingNode, nodeAt } from '../format/yaml.ts'
import { checkSchema, checkSchemaKeys, type SchemaProblem } from '../policy/cfgu/check.ts'
import type { CfguSchema } from '../policy/cfgu/types.ts'
import { checkIdentity, checkPolicy } from '../policy/check.ts'
import type { PlacedRule, PolicyProblem } from '../policy/problem.ts'
import { type Layout, PLAIN_LAYOUT, SEALED_LAYOUT, valuePath } from './check-notes.ts'
import type { PolicyTerms } from './policy-terms.ts'

/** A schema, and its file as it is to be shown. */
export interface PlacedSchema {
  schema: CfguSchema
  file: string
}

/** What a rule says of Secrets, each finding at its place in the document. */
export function policyTerms(placed: PlacedRule, schema: PlacedSchema | undefined): PolicyTerms {
  const { allow } = placed.rule
  const ofSchema = (
    root: MappingNode,
    layout: Layout,
    check: (schema: CfguSchema, file: string) => SchemaProblem[],
  ): Note[] => {
    const problems = schema ? check(schema.schema, schema.file) : []
    return problems.filter(({ code }) => !allow.has(code)).map((problem) => schemaNote(problem, root, layout))
  }
  return {
    ...placed,
    allowed: [...allow].filter(isCheckCode),
    plain: (secret, scope, root) => [
      ...checkIdentity(secret, scope, placed).map((problem) => policyNote(problem, root)),
      ...ofSchema(root, PLAIN_LAYOUT, (cfgu, file) => checkSchema(cfgu, secret.data, file)),
    ],
    sealed(sealed, root, now) {
      const keys = new Set([...sealed.data.keys(), ...sealed.template.data.keys()])
      return [
        ...checkPolicy(sealed, placed, now).map((problem) => policyNote(problem, root)),
        ...ofSchema(root, SEALED_LAYOUT, (cfgu, file) => checkSchemaKeys(cfgu, keys, file)),
      ]
    },
    opened: (values, root) =>
      ofSchema(root, SEALED_LAYOUT, (cfgu, file) => {
        const known = new Set(checkSchemaKeys(cfgu, values.keys(), file).map(identityOf))
        return checkSchema(cfgu, values, file).filter((problem) => !known.has(identityOf(problem)))
      }),
    changed: (values, root) =>
      ofSchema(root, SEALED_LAYOUT, (cfgu, file) =>
        checkSchema(cfgu, values, file).filter(({ code }) => code !== 'schema-missing'),
      ),
  }
}

const isCheckCode = (code: string): code is CheckCode => !code.startsWith('schema-')

const identityOf = ({ code, key, args }: SchemaProblem): string => `${code} ${key} ${args.by ?? ''}`

const policyNote = ({ code, severity, path, args }: PolicyProblem, root: MappingNode): Note => ({
  code,
  severity,
  at: nodeAt(root, path).at,
  args,
})

const schemaNote = (
  { code, severity, key, args }: SchemaProblem,
  root: MappingNode,
  layout: Layout,
): Note => ({
  code,
  severity,
  at: nodeAt(root, valuePath(root, layout, key)).at,
  args,
})
