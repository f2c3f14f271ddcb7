import type { Args, Severity } from '../../check/finding.ts'
import { nearest } from '../../check/nearest.ts'
import { textOf } from '../../check/secret-problem.ts'
import type { SCHEMA } from '../../check-codes/policy.ts'
import { checkValue } from './check-value.ts'
import type { CfguKey, CfguSchema } from './types.ts'

/** A finding before its place is known. Its args name keys, lines and constraints, and never a value. */
export interface SchemaProblem {
  code: keyof typeof SCHEMA
  severity: Severity
  /** The data key that it is about. */
  key: string
  args: Args
}

/** The values of a Secret against a schema. `file`: of the schema, as it is to be shown. */
export function checkSchema(
  schema: CfguSchema,
  values: ReadonlyMap<string, Uint8Array>,
  file: string,
): SchemaProblem[] {
  const filled = new Set([...values].filter(([, value]) => value.length > 0).map(([key]) => key))
  const ofValues = [...values].flatMap(([key, value]) => {
    const cfgu = schema.keys.get(key)
    return cfgu && value.length > 0 ? problemsOfValue(cfgu, textOf(value), file) : []
  })
  return [...checkKeys(schema, new Set(values.keys()), filled, file), ...ofValues]
}

/** What can be said without a private key: which keys are missing, which are unknown. */
export const checkSchemaKeys = (
  schema: CfguSchema,
  keys: Iterable<string>,
  file: string,
): SchemaProblem[] => {
  const there = new Set(keys)
  return checkKeys(schema, there, there, file)
}

function checkKeys(
  { keys }: CfguSchema,
  there: ReadonlySet<string>,
  filled: ReadonlySet<string>,
  file: string,
): SchemaProblem[] {
  const unknown = [...there].filter((key) => !keys.has(key))
  return [
    ...[...keys.values()].flatMap((cfgu) => missing(cfgu, filled, file)),
    ...unknown.map((key) => unknownKey(key, [...keys.keys()], file)),
  ]
}

function missing(cfgu: CfguKey, filled: ReadonlySet<string>, file: string): SchemaProblem[] {
  const { key, required, depends, lines, line } = cfgu
  if (!filled.has(key))
    return required
      ? [problem('schema-missing', key, { schema: `${file}:${lines.get('required') ?? line}` })]
      : []
  const schema = `${file}:${lines.get('depends') ?? line}`
  return depends
    .filter((other) => !filled.has(other))
    .map((other) => problem('schema-missing', other, { by: key, schema }))
}

function unknownKey(key: string, known: readonly string[], file: string): SchemaProblem {
  const meant = nearest(key, known)
  return problem('schema-key', key, { ...(meant === undefined ? {} : { meant }), schema: file })
}

function problemsOfValue(cfgu: CfguKey, text: string | undefined, file: string): SchemaProblem[] {
  const { key, skipped } = cfgu
  const wrong = checkValue(cfgu, text).map(({ line, ...args }) =>
    problem('schema-value', key, { ...args, schema: `${file}:${line}` }),
  )
  const unchecked = skipped.map(({ what, line }) => ({
    ...problem('schema-skipped', key, { what, schema: `${file}:${line}` }),
    severity: 'warn' as const,
  }))
  return [...wrong, ...unchecked]
}

const problem = (code: SchemaProblem['code'], key: string, args: Args): SchemaProblem => ({
  code,
  severity: 'fail',
  key,
  args: { key, ...args },
})
