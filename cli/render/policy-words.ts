import type { Args } from '../../shared/check/finding.ts'
import type { Code } from '../../shared/codes.ts'
import { shortId } from '../../shared/keys/id.ts'

/** The sentences about a policy's rule and its schema; each names the line that asks for it. */
export const POLICY_SENTENCES: Partial<Record<Code, (args: Args) => string>> = {
  'policy-unmatched': ({ policy }) => `no rule of ${policy} matches it`,
  'policy-recipients': ({ problem, id = '', holder, policy }) =>
    problem === 'missing'
      ? `${holder} (${shortId(id)}) is no recipient, but ${policy} names it`
      : `${holder ? `${holder} (${shortId(id)})` : shortId(id)} is a recipient, but ${policy} does not name it`,
  'policy-scope': ({ scope, wanted, policy }) => `the scope is ${scope}; ${policy} wants ${wanted}`,
  'policy-type': ({ type, wanted, policy }) => `the type is ${type}; ${policy} allows ${wanted}`,
  'policy-name': ({ field, name, wanted, policy }) =>
    `metadata.${field} ${name === '' ? 'is missing' : `is ${name}`}; ${policy} wants ${wanted}`,
  'policy-age': ({ problem, key, date, days, limit, policy }) =>
    problem === 'unknown'
      ? `nothing says when data.${key} was sealed; ${policy} allows ${limit} days`
      : `data.${key} was sealed ${days} days ago, on ${date}; ${policy} allows ${limit}`,
  'schema-missing': ({ key, by, schema }) =>
    by === undefined
      ? `data.${key} is missing or empty; ${schema} requires it`
      : `data.${key} is missing or empty; ${schema} requires it beside ${by}`,
  'schema-key': ({ key, meant, schema }) =>
    `data.${key} is no key of ${schema}${meant === undefined ? '' : `; did you mean \`${meant}\`?`}`,
  'schema-value': ({ key, problem, expected, schema }) =>
    `data.${key} ${UNMET[problem ?? '']?.(expected)} (${schema})`,
  'schema-skipped': ({ key, what, schema }) => `${what} of data.${key} is not checked (${schema})`,
}

const UNMET: Record<string, (expected?: string) => string> = {
  binary: () => 'is no text',
  type: (expected) => `is no ${expected}`,
  pattern: () => 'does not match the pattern',
  options: () => 'is none of the options',
  schema: () => 'does not fit the JSON Schema',
}
