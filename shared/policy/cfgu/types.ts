import type { JsonSchema } from './json-schema.ts'
import type { ValueType } from './value-types.ts'

/** A checked `.cfgu` file: what a program's configuration consists of. Lines count from 1. */
export interface CfguSchema {
  keys: ReadonlyMap<string, CfguKey>
}

export interface CfguKey {
  key: string
  line: number
  required: boolean
  /** Without it nobody misses the key: there is a default, or the value is made from others. */
  type?: ValueType
  pattern?: RegExp
  options?: readonly string[]
  schema?: JsonSchema
  /** Keys that must be there where this one is. */
  depends: readonly string[]
  /** `test` expressions that are plainly calls of a known check. */
  tests: readonly ValueType[]
  /** The line of each field that is there. */
  lines: ReadonlyMap<string, number>
  /** Fields, or keywords of `schema`, that are not checked. */
  skipped: readonly { what: string; line: number }[]
}
