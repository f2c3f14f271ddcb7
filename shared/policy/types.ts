import type { Scope } from '../crypto/bound.ts'

export const POLICY_FILE = '.waxwing.yaml'

/** A checked `.waxwing.yaml`. Lines count from 1. */
export interface Policy {
  recipients: ReadonlyMap<string, PolicyRecipient>
  /** In the order of the file: the first that matches a path is its rule. */
  rules: readonly Rule[]
}

export interface PolicyRecipient {
  name: string
  /** Key file, relative to the policy's folder. */
  file: string
  /** The pinned id: of this key and no other. */
  id: string
  line: number
}

/** What a rule does not state it does not restrict. */
export interface Rule {
  /** Of the rule's first field: what errors show. */
  line: number
  /** Globs of paths relative to the policy's folder; one of them has to fit. */
  match: readonly string[]
  /** Who is to open the values, in the order of the rule. */
  recipients?: readonly PolicyRecipient[]
  scope?: Scope
  /** Secret types; `Opaque` stands for Secrets that state none as well. */
  types?: readonly string[]
  /** Globs of `metadata.name` and `metadata.namespace`. */
  name?: readonly string[]
  namespace?: readonly string[]
  /** Per data key, in the order of the file. */
  generate: readonly GenerateRule[]
  maxAge: readonly MaxAgeRule[]
  /** Path of a `.cfgu` file, relative to the policy's folder. */
  schema?: string
  /** Codes of findings that are accepted here. */
  allow: ReadonlySet<string>
  /** The line of each field that is there: `scope` → 14. */
  lines: ReadonlyMap<string, number>
}

export interface GenerateRule {
  /** A data key, or a glob of data keys. */
  key: string
  length: number
  /** The characters to draw from, each once. */
  charset: string
  line: number
}

export interface MaxAgeRule {
  key: string
  days: number
  line: number
}
