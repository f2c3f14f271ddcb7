import { fits, type JsonSchema } from './json-schema.ts'
import type { CfguKey } from './types.ts'
import { VALUE_TYPES } from './value-types.ts'

/** Which constraint a value does not meet, and the line of it in the schema. */
export interface Unmet {
  problem: 'binary' | 'type' | 'pattern' | 'options' | 'schema'
  /** The type that was expected. */
  expected?: string
  line: number
}

/** A value, as its text (undefined: binary), against what the schema says of its key. */
export function checkValue(cfgu: CfguKey, text: string | undefined): Unmet[] {
  const { type, pattern, options, schema, tests } = cfgu
  const at = (field: string): number => cfgu.lines.get(field) ?? cfgu.line
  const constrained = type !== 'Binary' && [type, pattern, options, schema, tests[0]].some(Boolean)
  if (text === undefined) return constrained ? [{ problem: 'binary', line: cfgu.line }] : []
  const unmet: Unmet[] = []
  if (type && !VALUE_TYPES[type](text)) unmet.push({ problem: 'type', expected: type, line: at('type') })
  if (pattern && !pattern.test(text)) unmet.push({ problem: 'pattern', line: at('pattern') })
  if (options && !options.includes(text))
    unmet.push({ problem: 'options', line: at(cfgu.lines.has('enum') ? 'enum' : 'options') })
  if (schema && !fitsText(schema, text)) unmet.push({ problem: 'schema', line: at('schema') })
  for (const test of tests)
    if (!VALUE_TYPES[test](text)) unmet.push({ problem: 'type', expected: test, line: at('test') })
  return unmet
}

/** As Configu has it: a value that is JSON counts as what it says, any other as a text. */
function fitsText(schema: JsonSchema, text: string): boolean {
  try {
    return fits(schema, JSON.parse(text))
  } catch {
    return fits(schema, text)
  }
}
